-- Hands out a key. The tables are coming next sprint, plpgsql does not mind.
CREATE OR REPLACE FUNCTION assign_key(p_key uuid, p_holder text) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
  v_id uuid;
BEGIN
  UPDATE keys SET status = 'assigned' WHERE id = p_key AND status = 'available';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'key % is not available', p_key;
  END IF;
  INSERT INTO key_assignments (key_id, holder_name) VALUES (p_key, p_holder) RETURNING id INTO v_id;
  RETURN v_id;
END;
$$;
