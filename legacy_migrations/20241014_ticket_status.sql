-- ticket workflow v2:  new -> open, done -> resolved, + waiting, + closed
CREATE TYPE ticket_status AS ENUM ('open', 'in_progress', 'waiting', 'resolved', 'closed');

ALTER TABLE tickets ALTER COLUMN status DROP DEFAULT;
ALTER TABLE tickets
    ALTER COLUMN status TYPE ticket_status
    USING (CASE status::text
             WHEN 'new' THEN 'open'
             WHEN 'done' THEN 'resolved'
             ELSE status::text
           END)::ticket_status;
ALTER TABLE tickets ALTER COLUMN status SET DEFAULT 'open';

DROP TYPE issue_status;
