CREATE SCHEMA trigger_of_a_view;
CREATE TABLE trigger_of_a_view.item (id integer PRIMARY KEY);
CREATE VIEW trigger_of_a_view.items AS SELECT id FROM trigger_of_a_view.item;
CREATE FUNCTION trigger_of_a_view.put() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN INSERT INTO trigger_of_a_view.item VALUES (NEW.id); RETURN NEW; END$$;
CREATE TRIGGER putting INSTEAD OF INSERT ON trigger_of_a_view.items FOR EACH ROW EXECUTE FUNCTION trigger_of_a_view.put();
INSERT INTO trigger_of_a_view.items VALUES (1);
