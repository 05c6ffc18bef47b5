CREATE SCHEMA table_with_itself;
CREATE TABLE table_with_itself.part (id integer PRIMARY KEY, whole integer REFERENCES table_with_itself.part, name text);
CREATE TABLE table_with_itself.shelf (id integer PRIMARY KEY, parts table_with_itself.part[]);
INSERT INTO table_with_itself.part VALUES (1, NULL, 'car'), (2, 1, 'wheel');
