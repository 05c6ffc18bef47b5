-- ============================================================
-- AUDIT LOG
-- partitioned by time so that old years can be detached
-- ============================================================
CREATE TABLE audit_log (
    id          bigserial,
    table_name  text        NOT NULL,
    action      text        NOT NULL CHECK (action IN ('INSERT', 'UPDATE', 'DELETE')),
    old_row     jsonb,
    new_row     jsonb,
    changed_by  uuid,
    changed_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, changed_at)
) PARTITION BY RANGE (changed_at);

CREATE TABLE audit_log_2024 PARTITION OF audit_log
    FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00');
CREATE TABLE audit_log_default PARTITION OF audit_log DEFAULT;

CREATE INDEX audit_log_table_idx ON audit_log (table_name, changed_at DESC);

ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;

-- what the paper log had
INSERT INTO audit_log (table_name, action, new_row, changed_at) VALUES
  ('departments', 'INSERT', '{"name": "Security"}', '2024-03-18 16:00+00');
