-- Maintenance issues reported by staff
CREATE TYPE issue_status AS ENUM ('new', 'in_progress', 'done');

CREATE TABLE issues (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    title TEXT NOT NULL,
    descr TEXT,
    status issue_status NOT NULL DEFAULT 'new',
    priority TEXT NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high')),
    room_id UUID REFERENCES rooms (id) ON DELETE SET NULL,
    reporter_id UUID,           -- whoever was logged in
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX issues_status_idx ON issues (status);

-- the two that came in by phone. (the second reporter has left since)
INSERT INTO issues (id, title, descr, status, priority, reporter_id, created_at, updated_at) VALUES
  ('30000000-0000-0000-0000-000000000001', 'Radiator in 102 leaks', 'Bucket under it', 'in_progress', 'high',
   NULL, '2024-01-08 08:30+00', '2024-01-08 08:30+00'),
  ('30000000-0000-0000-0000-000000000002', 'Light flickers', NULL, 'done', 'low',
   '00000000-0000-0000-0000-000000000099', '2024-01-08 14:05+00', '2024-01-09 10:00+00');
