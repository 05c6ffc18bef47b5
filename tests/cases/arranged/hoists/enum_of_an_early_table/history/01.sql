CREATE SCHEMA enum_of_an_early_table;
CREATE TYPE enum_of_an_early_table.mood AS ENUM ('good', 'bad');
CREATE TABLE enum_of_an_early_table.person (id integer PRIMARY KEY, mood enum_of_an_early_table.mood DEFAULT 'good');
INSERT INTO enum_of_an_early_table.person VALUES (1);
