CREATE FUNCTION log_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO key_log (key_id) VALUES (NEW.key_id);
    RETURN NEW;
END $$;
CREATE TRIGGER key_holders_log AFTER INSERT ON key_holders
    FOR EACH ROW EXECUTE FUNCTION log_key();
