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
