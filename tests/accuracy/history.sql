-- A history with every kind of edge that PostgreSQL records for what the model follows.
CREATE SCHEMA app;
CREATE SCHEMA attic;
CREATE ROLE clerk;
CREATE ROLE boss IN ROLE clerk;
CREATE TYPE app.mood AS ENUM ('calm', 'cross');
ALTER TYPE app.mood ADD VALUE IF NOT EXISTS 'calm';
CREATE DOMAIN app.code AS text CHECK (VALUE <> '');
CREATE TYPE app.span AS (first date, last date);
CREATE FUNCTION app.weight(m app.mood) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 1 $$;
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE FUNCTION app.is(m app.mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT true $$;
CREATE SEQUENCE app.tickets;
CREATE TABLE app.people (
    id integer PRIMARY KEY UNIQUE,
    code app.code DEFAULT 'x',
    mood app.mood NOT NULL DEFAULT 'calm',
    moods app.mood[] DEFAULT '{calm}',
    away app.span,
    note varchar(10) DEFAULT NULL,
    plain text DEFAULT NULL,
    ticket bigint DEFAULT nextval('app.tickets'),
    weight integer GENERATED ALWAYS AS (app.weight('cross')) STORED,
    CHECK ((away).first < (away).last),
    CHECK (mood IN ('calm', 'cross') AND id > 0));
ALTER SEQUENCE app.tickets OWNED BY app.people.ticket;
ALTER TABLE app.people ALTER COLUMN mood SET NOT NULL;
ALTER TABLE app.people ALTER COLUMN code DROP DEFAULT;
ALTER TABLE app.people ALTER COLUMN code DROP DEFAULT;
CREATE INDEX people_calm ON app.people (lower(code)) WHERE mood = 'calm';
CREATE INDEX ON app.people (app.weight(mood)) INCLUDE (note);
CREATE TABLE app.pets (
    id serial PRIMARY KEY, owner integer REFERENCES app.people ON DELETE CASCADE, name text,
    room int4range, EXCLUDE USING gist (room WITH &&));
CREATE VIEW app.owners AS
    SELECT p.*, t.name, p.mood AS temper, p.note::app.code AS short
    FROM app.people p JOIN app.pets t USING (id);
CREATE VIEW app.calm AS
    WITH near AS (SELECT o.id, o.temper FROM app.owners o WHERE o.temper = 'calm')
    SELECT near.*, (SELECT count(*) FROM app.pets WHERE pets.owner = near.id) AS many FROM near;
CREATE VIEW app.both AS SELECT 1 AS one FROM app.people NATURAL JOIN app.pets;
CREATE MATERIALIZED VIEW app.names AS SELECT name, count(*) FROM app.pets GROUP BY name;
CREATE INDEX ON app.names (name);
CREATE TRIGGER touched BEFORE UPDATE OF name ON app.pets
    FOR EACH ROW WHEN (old.name <> new.name) EXECUTE FUNCTION app.touch();
CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON app.pets FROM app.people
    FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE POLICY own ON app.pets TO clerk
    USING (owner IN (SELECT id FROM app.people WHERE mood = 'calm'));
CREATE POLICY named ON app.pets USING (name <> '' AND app.is('calm'));
CREATE RULE kept AS ON DELETE TO app.people WHERE old.id < 0 DO INSTEAD NOTHING;
CREATE RULE logged AS ON INSERT TO app.people DO ALSO DELETE FROM app.pets WHERE pets.id = new.id;
CREATE FUNCTION app.pet(wanted integer) RETURNS text LANGUAGE sql
BEGIN ATOMIC SELECT name FROM app.pets WHERE id = wanted; END;
CREATE FUNCTION app.late(wanted integer) RETURNS text LANGUAGE sql
AS $$ SELECT name FROM app.pets WHERE id = wanted $$;
CREATE FUNCTION app.heads(p app.people, m app.mood DEFAULT 'calm') RETURNS SETOF app.pets
LANGUAGE sql AS $$ SELECT * FROM app.pets $$;
CREATE TABLE app.days (day date NOT NULL, what text, mood app.mood, PRIMARY KEY (day))
    PARTITION BY RANGE (day);
CREATE INDEX days_what ON app.days (what);
CREATE TABLE app.days_old PARTITION OF app.days FOR VALUES FROM ('2000-01-01') TO ('2020-01-01');
CREATE TABLE app.days_new (LIKE app.days INCLUDING ALL);
ALTER TABLE app.days ATTACH PARTITION app.days_new FOR VALUES FROM ('2020-01-01') TO ('2030-01-01');
CREATE TABLE app.days_gone PARTITION OF app.days FOR VALUES FROM ('1900-01-01') TO ('2000-01-01');
ALTER TABLE app.days DETACH PARTITION app.days_gone;
CREATE INDEX ON app.days (mood) WHERE mood = 'cross';
CREATE TABLE app.base (a integer CHECK (a > 0), b app.mood);
CREATE TABLE app.heir (c integer) INHERITS (app.base);
CREATE TABLE app.spans OF app.span;
CREATE TABLE app.copied AS SELECT id, mood FROM app.people;
CREATE PUBLICATION told FOR TABLE app.pets (id, name) WHERE (id > 0);
ALTER DEFAULT PRIVILEGES FOR ROLE clerk IN SCHEMA app GRANT SELECT ON TABLES TO boss;
GRANT SELECT ON app.pets TO clerk;
COMMENT ON TABLE app.pets IS 'what people keep';
ALTER TABLE app.heir SET SCHEMA attic;
CREATE UNIQUE INDEX base_a ON app.base (a);
ALTER TABLE app.base ADD CONSTRAINT base_key UNIQUE USING INDEX base_a;
CREATE UNIQUE INDEX pets_better ON app.pets (id);
ALTER TABLE app.pets DROP CONSTRAINT pets_pkey,
    ADD CONSTRAINT pets_pkey PRIMARY KEY USING INDEX pets_better;
ALTER TABLE app.copied ALTER COLUMN mood TYPE text;
ALTER TABLE app.copied RENAME COLUMN id TO person;
DO $$ BEGIN CREATE TABLE app.hidden (a integer); ALTER TABLE app.base ADD COLUMN d app.mood; END $$;
ALTER TABLE app.hidden RENAME TO found;
CREATE TABLE app.cards (id integer PRIMARY KEY, pet integer REFERENCES app.pets);
DO $$ BEGIN ALTER TABLE app.cards RENAME CONSTRAINT cards_pet_fkey TO card; END $$;
