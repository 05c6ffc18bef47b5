BEGIN;
CREATE TABLE gone (id integer);
ROLLBACK;
CREATE TABLE kept (id integer);
CREATE INDEX ON gone (id);
