CREATE SCHEMA trigger_of_a_later_function;
CREATE TABLE trigger_of_a_later_function.note (id integer PRIMARY KEY, said text);
CREATE FUNCTION trigger_of_a_later_function.shout() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN NEW.said := upper(NEW.said); RETURN NEW; END$$;
CREATE TRIGGER shouting BEFORE INSERT ON trigger_of_a_later_function.note FOR EACH ROW EXECUTE FUNCTION trigger_of_a_later_function.shout();
INSERT INTO trigger_of_a_later_function.note VALUES (1, 'hello');
