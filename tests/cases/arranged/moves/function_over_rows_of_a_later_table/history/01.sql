CREATE SCHEMA function_over_rows_of_a_later_table;
CREATE TABLE function_over_rows_of_a_later_table.item (id integer PRIMARY KEY, price integer);
CREATE FUNCTION function_over_rows_of_a_later_table.total() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT sum(price) FROM function_over_rows_of_a_later_table.item';
CREATE FUNCTION function_over_rows_of_a_later_table.items() RETURNS SETOF function_over_rows_of_a_later_table.item LANGUAGE sql STABLE AS 'SELECT * FROM function_over_rows_of_a_later_table.item';
