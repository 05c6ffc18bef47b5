CREATE SCHEMA table_of_a_row_type;
CREATE TYPE table_of_a_row_type.mood AS ENUM ('good', 'bad');
CREATE TABLE table_of_a_row_type.person (id integer PRIMARY KEY, mood table_of_a_row_type.mood);
CREATE TABLE table_of_a_row_type.visit (id integer PRIMARY KEY, who table_of_a_row_type.person);
