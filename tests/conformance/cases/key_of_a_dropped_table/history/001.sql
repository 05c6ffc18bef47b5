CREATE SCHEMA orphaned;
CREATE TABLE orphaned.kinds (id integer PRIMARY KEY);
CREATE TABLE orphaned.rooms (id integer PRIMARY KEY, kind integer REFERENCES orphaned.kinds);
