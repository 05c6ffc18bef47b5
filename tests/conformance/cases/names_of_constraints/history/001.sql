CREATE SCHEMA constrained;
CREATE TABLE constrained.kinds (id integer CONSTRAINT kinds_are_numbered PRIMARY KEY);
CREATE TABLE constrained.rooms (id integer, kind integer);
