-- every change of a key or an assignment is logged
CREATE TABLE key_audit_logs (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name text NOT NULL,
    action     text NOT NULL,
    old_data   jsonb,
    new_data   jsonb,
    changed_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE key_audit_logs ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON key_audit_logs FROM anon, authenticated;
GRANT SELECT ON key_audit_logs TO authenticated;

CREATE FUNCTION log_key_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO public.key_audit_logs (table_name, action, old_data, new_data)
  VALUES (TG_TABLE_NAME, lower(TG_OP),
          CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END,
          CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END);
  RETURN NULL;
END $$;

CREATE TRIGGER trg_keys_audit AFTER INSERT OR UPDATE OR DELETE ON keys
    FOR EACH ROW EXECUTE FUNCTION log_key_change();
CREATE TRIGGER trg_key_assignments_audit AFTER INSERT OR UPDATE OR DELETE ON key_assignments
    FOR EACH ROW EXECUTE FUNCTION log_key_change();

-- bring the status in line with the assignments
UPDATE keys SET status = 'assigned' WHERE key_number IN ('M-1', 'CH-0101');
