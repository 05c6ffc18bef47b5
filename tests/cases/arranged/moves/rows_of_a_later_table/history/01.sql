CREATE SCHEMA rows_of_a_later_table;
CREATE TABLE rows_of_a_later_table.source (id integer PRIMARY KEY, name text);
INSERT INTO rows_of_a_later_table.source VALUES (1, 'a'), (2, 'b');
CREATE TABLE rows_of_a_later_table.copy (id integer PRIMARY KEY, name text);
INSERT INTO rows_of_a_later_table.copy SELECT id, upper(name) FROM rows_of_a_later_table.source;
