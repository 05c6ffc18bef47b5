CREATE TABLE docs (id serial PRIMARY KEY, title text NOT NULL, CHECK (title <> ''));
CREATE INDEX docs_title ON docs (title);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER docs_touch BEFORE UPDATE ON docs FOR EACH ROW EXECUTE FUNCTION touch();
