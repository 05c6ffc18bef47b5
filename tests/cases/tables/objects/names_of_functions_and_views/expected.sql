-- Keys are numbered from one.
CREATE FUNCTION named."least"() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;

-- What the door shows.
CREATE VIEW named."Door" AS SELECT 1 AS number;

CREATE SEQUENCE named.drawn;
