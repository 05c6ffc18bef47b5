CREATE TABLE log (id serial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), row jsonb NOT NULL);
CREATE TABLE things (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
CREATE TABLE parts (id int PRIMARY KEY, thing_id uuid NOT NULL REFERENCES things, label text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO log (row) VALUES (to_jsonb(NEW)); RETURN NULL; END $$;
INSERT INTO things (name) VALUES ('before the trigger');
CREATE TRIGGER things_note AFTER INSERT OR UPDATE ON things FOR EACH ROW EXECUTE FUNCTION note();
INSERT INTO things (name) VALUES ('first'), ('second');
INSERT INTO parts SELECT row_number() OVER (ORDER BY name), id, 'part of ' || name FROM things;
