CREATE SCHEMA views_through_a_function;
CREATE TABLE views_through_a_function.item (id integer PRIMARY KEY, price integer NOT NULL);
CREATE VIEW views_through_a_function.cheap AS SELECT id, price FROM views_through_a_function.item;
CREATE VIEW views_through_a_function.cheapest AS SELECT id FROM views_through_a_function.cheap ORDER BY price LIMIT 1;
