CREATE SCHEMA check_that_reads_its_table;
CREATE TABLE check_that_reads_its_table.seat (id integer PRIMARY KEY, taken boolean);
CREATE FUNCTION check_that_reads_its_table.taken_seats() RETURNS bigint LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT count(*) FROM check_that_reads_its_table.seat WHERE taken; END;
ALTER TABLE check_that_reads_its_table.seat ADD CONSTRAINT never_full CHECK (check_that_reads_its_table.taken_seats() < 100);
INSERT INTO check_that_reads_its_table.seat VALUES (1, true), (2, false);
