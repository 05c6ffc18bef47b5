CREATE SCHEMA policies_alone;
CREATE TYPE policies_alone.state AS ENUM ('open', 'paid');
CREATE TABLE policies_alone.buyer (id integer PRIMARY KEY);
CREATE TABLE policies_alone.bill (id integer PRIMARY KEY, state policies_alone.state, buyer integer REFERENCES policies_alone.buyer);
ALTER TABLE policies_alone.bill ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON policies_alone.bill FOR SELECT USING (true);
CREATE VIEW policies_alone.bills AS SELECT id FROM policies_alone.bill;
CREATE FUNCTION policies_alone.stamp() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER stamped BEFORE INSERT ON policies_alone.bill FOR EACH ROW EXECUTE FUNCTION policies_alone.stamp();
