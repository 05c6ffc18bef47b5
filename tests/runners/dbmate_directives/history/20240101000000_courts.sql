-- migrate:up
CREATE TABLE courts (id integer PRIMARY KEY, name text NOT NULL);

-- migrate:down
DROP TABLE courts;
