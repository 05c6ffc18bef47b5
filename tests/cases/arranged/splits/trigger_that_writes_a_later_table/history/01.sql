CREATE SCHEMA trigger_that_writes_a_later_table;
CREATE TABLE trigger_that_writes_a_later_table.note (id integer PRIMARY KEY, said text);
CREATE TABLE trigger_that_writes_a_later_table.log (note integer, at integer GENERATED ALWAYS AS IDENTITY);
CREATE FUNCTION trigger_that_writes_a_later_table.write_log() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN INSERT INTO trigger_that_writes_a_later_table.log (note) VALUES (NEW.id); RETURN NULL; END$$;
CREATE TRIGGER logging AFTER INSERT ON trigger_that_writes_a_later_table.note FOR EACH ROW EXECUTE FUNCTION trigger_that_writes_a_later_table.write_log();
INSERT INTO trigger_that_writes_a_later_table.note VALUES (1, 'hello'), (2, 'again');
