-- Up Migration
CREATE TABLE courts (id integer PRIMARY KEY, name text NOT NULL);

-- Down Migration
DROP TABLE courts;
