-- Maintenance tickets and their comments
-- Rollback: rollback/01_core_tables/20250106_000000_tickets_table_rollback.sql
-- From: 20240109_issues_table.sql:4-14, 19-23
--       20240115_updated_at.sql:10-24
--       20240301_enable_rls.sql:4
--       20240513_rename_issues_to_tickets.sql:2-3, 7-13
--       20240910_grants_for_dashboard.sql:3
--       20241014_ticket_status.sql:2-12
--       20241202_indexes.sql:3
--       20241203_indexes_concurrently.sql:4
--       20250106_form_numbers.sql:5-6
--       20250113_tickets_of_december.sql:2-10
--       20250127_tickets_checks.sql:5-9
--       20250203_comments.sql:4-5, 8
--       20250901_cleanup.sql:3

-- ticket workflow v2:  new -> open, done -> resolved, + waiting, + closed
CREATE TYPE ticket_status AS ENUM ('open', 'in_progress', 'waiting', 'resolved', 'closed');

CREATE TABLE tickets (
    id UUID CONSTRAINT issues_id_not_null NOT NULL CONSTRAINT issues_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    title TEXT CONSTRAINT issues_title_not_null NOT NULL,
    description TEXT,
    status ticket_status CONSTRAINT issues_status_not_null NOT NULL DEFAULT 'open',
    priority TEXT CONSTRAINT issues_priority_not_null NOT NULL DEFAULT 'normal' CONSTRAINT issues_priority_check CHECK (priority IN ('low', 'normal', 'high')),
    room_id UUID CONSTRAINT issues_room_id_fkey REFERENCES rooms (id) ON DELETE SET NULL,
    reporter_id UUID,           -- whoever was logged in
    created_at TIMESTAMPTZ CONSTRAINT issues_created_at_not_null NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ CONSTRAINT issues_updated_at_not_null NOT NULL DEFAULT now(),
    form_no bigint NOT NULL DEFAULT nextval('form_number_seq'),
    CONSTRAINT tickets_form_no_key UNIQUE (form_no),
    -- titles: at least 3 characters (there is one "AC", clean up later)
    CONSTRAINT tickets_title_length CHECK (length(title) >= 3)
);
COMMENT ON COLUMN public.tickets.form_no IS 'Number of the paper form';

ALTER TABLE public.tickets            ENABLE ROW LEVEL SECURITY;

-- the two that came in by phone. (the second reporter has left since)
INSERT INTO tickets (id, title, description, status, priority, reporter_id, created_at, updated_at) VALUES
  ('30000000-0000-0000-0000-000000000001', 'Radiator in 102 leaks', 'Bucket under it', 'in_progress', 'high',
   NULL, '2024-01-08 08:30+00', '2024-01-08 08:30+00'),
  ('30000000-0000-0000-0000-000000000002', 'Light flickers', NULL, 'resolved', 'low',
   '00000000-0000-0000-0000-000000000099', '2024-01-08 14:05+00', '2024-01-09 10:00+00');

CREATE TRIGGER set_issues_updated_at BEFORE UPDATE ON public.tickets FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

create table ticket_comments (
  id uuid primary key default gen_random_uuid(),
  ticket_id uuid not null references tickets(id) on delete cascade,
  author_id uuid references profiles (id),
  body text not null check (body <> ''),
  created_at timestamptz not null default now()
);

CREATE INDEX tickets_status_idx ON tickets (status);

create index tickets_open_idx on tickets (created_at desc) where status in ('open', 'in_progress', 'waiting');
COMMENT ON INDEX public.tickets_open_idx IS 'ticket board';

-- !!! RUN BY HAND, not by the pipeline: CREATE INDEX CONCURRENTLY can't run inside a transaction.
-- Done on production 2024-12-03 22:15 (dba). One statement at a time in the SQL editor.

CREATE INDEX tickets_room_idx ON tickets (room_id);

-- typed in from the December forms
insert into tickets (title, priority, created_at, updated_at) values
  ('Elevator stuck between 1 and 2', 'high', '2024-12-11 09:12+00', '2024-12-11 09:12+00');

insert into tickets (title, status, created_at, updated_at) values
  ('Door of 103 does not lock', 'waiting', '2024-12-17 11:40+00', '2024-12-17 11:40+00');

insert into ticket_comments (ticket_id, body)
select id, 'Mechanic called' from tickets where title like 'Elevator%';

insert into ticket_comments (ticket_id, body)
select id, 'Waiting for the new lock' from tickets where title like 'Door of 103%';

-- Rights
GRANT SELECT ON TABLE public.ticket_comments, public.tickets TO dashboard_user;
