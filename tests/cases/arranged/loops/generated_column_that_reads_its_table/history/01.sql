CREATE SCHEMA generated_column_that_reads_its_table;
CREATE FUNCTION generated_column_that_reads_its_table.twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN $1 * 2;
CREATE TABLE generated_column_that_reads_its_table.box (id integer, size integer, doubled integer GENERATED ALWAYS AS (generated_column_that_reads_its_table.twice(size)) STORED);
