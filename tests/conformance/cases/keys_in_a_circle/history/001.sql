CREATE SCHEMA circular;
CREATE TABLE circular.z (id integer PRIMARY KEY);
CREATE TABLE circular.b (id integer PRIMARY KEY, a integer, z integer REFERENCES circular.z);
CREATE TABLE circular.a (id integer PRIMARY KEY, b integer REFERENCES circular.b);
