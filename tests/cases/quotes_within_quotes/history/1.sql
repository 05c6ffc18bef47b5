CREATE TABLE "Log;""$$" (id serial PRIMARY KEY, "it's" text DEFAULT $d$ a ';' $$ b $d$);
CREATE FUNCTION outer_one() RETURNS text LANGUAGE plpgsql AS $a$
DECLARE made text;
BEGIN
  EXECUTE $b$ SELECT $c$ ;$a1$; ' $c$ || '$$;$$' $b$ INTO made;
  RETURN made /* $a /* ; */ */;
END
$a$;
DO $do$
BEGIN
  EXECUTE $x$ CREATE FUNCTION inner_one() RETURNS text LANGUAGE sql AS $y$ SELECT '$z$;' $y$ $x$;
END $do$;
CREATE VIEW quoted AS
  SELECT E'it\'s; \\' AS a, U&'\00e9;' AS b, U&"\0069d" AS c, B'01' AS d, 'two'
  ' parts;' AS e
  FROM (SELECT id FROM "Log;""$$") AS t(id);
