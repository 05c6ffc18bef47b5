-- The partitioned audit log and the triggers that fill it
-- Rollback: rollback/02_infrastructure/20250107_000000_audit_log_rollback.sql
-- From: 20240715_audit_log.sql:5-26
--       20240716_audit_triggers.sql:1-18
--       20240801_terms_2024_25.sql:2-4, 13
--       20250127_tickets_checks.sql:12-14
--       20250602_lockdown.sql:7

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

ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;

CREATE TABLE audit_log_2024 PARTITION OF audit_log
    FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00');

CREATE TABLE audit_log_default PARTITION OF audit_log DEFAULT;

-- what the paper log had
INSERT INTO audit_log (table_name, action, new_row, changed_at) VALUES
  ('departments', 'INSERT', '{"name": "Security"}', '2024-03-18 16:00+00');

CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO audit_log (table_name, action, old_row, new_row, changed_by)
  VALUES (
    TG_TABLE_NAME, TG_OP,
    CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
    CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END,
    auth.uid()
  );
  RETURN coalesce(NEW, OLD);
END;
$$;

CREATE TRIGGER trg_court_terms_audit AFTER INSERT OR UPDATE OR DELETE ON court_terms
    FOR EACH ROW EXECUTE FUNCTION audit_row();

CREATE TRIGGER trg_departments_audit AFTER UPDATE OR DELETE ON departments
    FOR EACH ROW WHEN (pg_trigger_depth() < 1) EXECUTE PROCEDURE audit_row();

INSERT INTO public.audit_log_default (id, table_name, action, old_row, new_row) VALUES
    (2, 'court_terms', 'INSERT', NULL, '{"id": 1, "name": "Fall term 2024", "ends_on": "2024-12-20", "starts_on": "2024-09-03", "term_code": "2024-FALL"}'),
    (3, 'court_terms', 'INSERT', NULL, '{"id": 2, "name": "Winter term 2025", "ends_on": "2025-03-28", "starts_on": "2025-01-06", "term_code": "2025-WINTER"}'),
    (4, 'departments', 'UPDATE', '{"id": 2, "name": "Facilities", "phone": "555-0101", "head_id": null}', '{"id": 2, "name": "Facilities", "phone": "555-0200", "head_id": null}');

-- half a year more for the audit log
CREATE TABLE public.audit_log_2025_h1 (
    id bigint DEFAULT nextval('public.audit_log_id_seq'::regclass) CONSTRAINT audit_log_id_not_null NOT NULL,
    table_name text CONSTRAINT audit_log_table_name_not_null NOT NULL,
    action text CONSTRAINT audit_log_action_not_null NOT NULL,
    old_row jsonb,
    new_row jsonb,
    changed_by uuid,
    changed_at timestamp with time zone DEFAULT now() CONSTRAINT audit_log_changed_at_not_null NOT NULL,
    CONSTRAINT audit_log_action_check CHECK ((action = ANY (ARRAY['INSERT'::text, 'UPDATE'::text, 'DELETE'::text]))),
    CONSTRAINT audit_log_2025_h1_pkey PRIMARY KEY (id, changed_at)
);

ALTER TABLE ONLY public.audit_log ATTACH PARTITION public.audit_log_2025_h1 FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2025-07-01 00:00:00+00');

CREATE INDEX audit_log_table_idx ON audit_log (table_name, changed_at DESC);

ALTER INDEX public.audit_log_pkey ATTACH PARTITION public.audit_log_2025_h1_pkey;

-- Rights
REVOKE ALL ON TABLE public.audit_log, public.audit_log_2024, public.audit_log_default FROM anon, authenticated;
GRANT SELECT ON TABLE public.audit_log, public.audit_log_2024, public.audit_log_default TO dashboard_user;
REVOKE ALL ON TABLE public.audit_log_2025_h1 FROM anon, authenticated;

-- Sequence positions
SELECT pg_catalog.setval('public.audit_log_id_seq', 4, true);
