CREATE SCHEMA schema_asked_for_last;
CREATE TABLE schema_asked_for_last.person (id integer PRIMARY KEY);
