CREATE SCHEMA trigger_that_changes_rows;
CREATE TABLE trigger_that_changes_rows.emails (id int PRIMARY KEY, address text NOT NULL, seen int NOT NULL DEFAULT 0);
CREATE FUNCTION trigger_that_changes_rows.tidy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.address := lower(trim(NEW.address));
    NEW.seen := NEW.seen + 1;
    RETURN NEW;
END $$;
INSERT INTO trigger_that_changes_rows.emails VALUES (1, ' Early@Example.org');
CREATE TRIGGER tidy BEFORE INSERT OR UPDATE ON trigger_that_changes_rows.emails
    FOR EACH ROW EXECUTE FUNCTION trigger_that_changes_rows.tidy();
INSERT INTO trigger_that_changes_rows.emails VALUES (2, ' Late@Example.org');
UPDATE trigger_that_changes_rows.emails SET address = 'Twice@Example.org' WHERE id = 2;
