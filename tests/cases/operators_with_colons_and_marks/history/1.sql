CREATE TABLE docs (id integer PRIMARY KEY, doc jsonb, parts integer[], lo integer DEFAULT 1);
CREATE FUNCTION pick(lo integer DEFAULT 1, hi integer DEFAULT 2) RETURNS integer[]
  LANGUAGE plpgsql AS $$ DECLARE n integer := lo; BEGIN RETURN (ARRAY[1, 2, 3])[n:hi]; END $$;
ALTER TABLE docs ADD CHECK (doc ? 'a' OR doc ?| ARRAY['b'] OR doc ?& '{c}' OR doc @? '$.d');
CREATE VIEW slices AS
  SELECT id, parts[lo:lo] AS a, parts[:2] AS b, parts[1:] AS c, parts[:] AS d, lo::text::varchar AS e,
    pick(lo := 1, hi=>3) AS f, doc #>> '{a,b}' AS g, id % 2 AS h, '12:30'::time AS i
  FROM docs WHERE doc->>'a' ~ '^:x' AND NOT (doc ? ':y');
CREATE OPERATOR ?-> (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer);
INSERT INTO docs VALUES (1, '{"a": ":x"}', '{1,2,3}'), ((2 ?-> 2)::int + 1, '{"b": "?"}', '{}');
