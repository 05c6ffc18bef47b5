CREATE SCHEMA circular;
CREATE TABLE circular.a (id integer PRIMARY KEY, b integer REFERENCES circular.b);
CREATE TABLE circular.b (id integer PRIMARY KEY, a integer REFERENCES circular.a, z integer REFERENCES circular.z);
CREATE TABLE circular.z (id integer PRIMARY KEY);
