-- +migrate Up
CREATE TABLE courts (id integer PRIMARY KEY, name text NOT NULL);

-- +migrate Down
DROP TABLE courts;
