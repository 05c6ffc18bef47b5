CREATE SCHEMA rebuilt;
CREATE TABLE rebuilt.t (a integer, b varchar(20));
-- For the search by name.
CREATE INDEX by_name ON rebuilt.t (lower(b)); -- whatever the case
CREATE INDEX ON rebuilt.t (a) WHERE a > 7;
