CREATE SCHEMA indexed;
CREATE TABLE indexed.t (a integer, b text);
-- For the search by name.
CREATE INDEX ON indexed.t (b);
CREATE INDEX by_a ON indexed.t (a);
