CREATE SCHEMA function_of_a_grouped_key;
CREATE TABLE function_of_a_grouped_key.item (id integer NOT NULL, name text);
CREATE TABLE function_of_a_grouped_key.sale (item integer, amount integer);
