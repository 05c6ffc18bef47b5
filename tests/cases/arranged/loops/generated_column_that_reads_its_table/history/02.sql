CREATE OR REPLACE FUNCTION generated_column_that_reads_its_table.twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC SELECT $1 * 2 + 0 * (SELECT count(*) FROM generated_column_that_reads_its_table.box WHERE id IS NULL)::integer; END;
