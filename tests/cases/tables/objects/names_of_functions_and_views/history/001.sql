CREATE SCHEMA named;
-- Keys are numbered from one.
CREATE FUNCTION named.first() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
-- What the door shows.
CREATE VIEW named.door AS SELECT 1 AS number;
CREATE SEQUENCE named.numbers;
