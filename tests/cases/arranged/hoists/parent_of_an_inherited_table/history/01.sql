CREATE SCHEMA parent_of_an_inherited_table;
CREATE TABLE parent_of_an_inherited_table.place (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE parent_of_an_inherited_table.city (people integer) INHERITS (parent_of_an_inherited_table.place);
INSERT INTO parent_of_an_inherited_table.city VALUES (1, 'Rome', 3);
