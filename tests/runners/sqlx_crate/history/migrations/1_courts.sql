SET search_path = app;
CREATE SCHEMA app;
CREATE TABLE courts (id integer PRIMARY KEY, name text NOT NULL);
