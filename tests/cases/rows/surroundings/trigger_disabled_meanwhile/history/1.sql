CREATE SCHEMA trigger_disabled_meanwhile;
CREATE TABLE trigger_disabled_meanwhile.rates (code text PRIMARY KEY, rate numeric);
CREATE TABLE trigger_disabled_meanwhile.history (code text, rate numeric);
CREATE FUNCTION trigger_disabled_meanwhile.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO trigger_disabled_meanwhile.history VALUES (NEW.code, NEW.rate);
    RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE ON trigger_disabled_meanwhile.rates
    FOR EACH ROW EXECUTE FUNCTION trigger_disabled_meanwhile.note();
INSERT INTO trigger_disabled_meanwhile.rates VALUES ('A', 1);
ALTER TABLE trigger_disabled_meanwhile.rates DISABLE TRIGGER note;
INSERT INTO trigger_disabled_meanwhile.rates VALUES ('B', 2);
ALTER TABLE trigger_disabled_meanwhile.rates ENABLE TRIGGER note;
UPDATE trigger_disabled_meanwhile.rates SET rate = 3 WHERE code = 'B';
