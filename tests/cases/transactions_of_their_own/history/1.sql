BEGIN;
CREATE TABLE kept (id integer PRIMARY KEY, n integer);
SAVEPOINT before_mistake;
CREATE TABLE mistake (id integer);
ALTER TABLE kept ADD COLUMN mistake text;
ROLLBACK TO SAVEPOINT before_mistake;
INSERT INTO kept VALUES (1, 1);
RELEASE SAVEPOINT before_mistake;
COMMIT;

BEGIN;
CREATE TABLE never (id integer);
INSERT INTO kept VALUES (2, 2);
CREATE FUNCTION never_f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
COMMENT ON TABLE kept IS 'never';
ROLLBACK;

SET LOCAL search_path = nowhere;
CREATE TABLE outside_of_a_transaction (id integer);
