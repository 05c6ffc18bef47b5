CREATE SCHEMA rows_of_a_trigger_asked_for_elsewhere;
CREATE TABLE rows_of_a_trigger_asked_for_elsewhere.bill (id integer PRIMARY KEY);
CREATE TABLE rows_of_a_trigger_asked_for_elsewhere.log (bill integer);
CREATE FUNCTION rows_of_a_trigger_asked_for_elsewhere.note() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN INSERT INTO rows_of_a_trigger_asked_for_elsewhere.log VALUES (NEW.id); RETURN NEW; END$$;
CREATE TRIGGER noting AFTER INSERT ON rows_of_a_trigger_asked_for_elsewhere.bill FOR EACH ROW EXECUTE FUNCTION rows_of_a_trigger_asked_for_elsewhere.note();
INSERT INTO rows_of_a_trigger_asked_for_elsewhere.bill VALUES (1);
