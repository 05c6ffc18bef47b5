-- same thing by the number stamped on the key, that's what the desk actually has
CREATE OR REPLACE FUNCTION assign_key(p_key_number text, p_holder text, p_due date DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
  v_id uuid;
BEGIN
  v_id := assign_key((SELECT id FROM keys WHERE key_number = p_key_number), p_holder);
  UPDATE key_assignments SET due_back = p_due WHERE id = v_id;
  RETURN v_id;
END;
$$;

COMMENT ON FUNCTION assign_key(text, text, date) IS 'by key number; for the front desk';
