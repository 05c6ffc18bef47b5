CREATE TYPE job_state AS ENUM ('waiting', 'running', 'finished');
ALTER TABLE jobs ALTER COLUMN state DROP DEFAULT;
ALTER TABLE jobs ALTER COLUMN state TYPE job_state
    USING (CASE state WHEN 'new' THEN 'waiting' ELSE 'finished' END)::job_state;
ALTER TABLE jobs ALTER COLUMN state SET DEFAULT 'waiting';
DROP TYPE state;
