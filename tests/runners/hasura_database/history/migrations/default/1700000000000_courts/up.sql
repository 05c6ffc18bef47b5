CREATE TABLE courts (id integer PRIMARY KEY, name text NOT NULL);
