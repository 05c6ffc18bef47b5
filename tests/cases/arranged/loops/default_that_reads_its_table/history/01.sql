CREATE SCHEMA default_that_reads_its_table;
CREATE TABLE default_that_reads_its_table.ticket (id integer, queue text);
CREATE FUNCTION default_that_reads_its_table.next_ticket() RETURNS integer LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT coalesce(max(id), 0) + 1 FROM default_that_reads_its_table.ticket; END;
ALTER TABLE default_that_reads_its_table.ticket ALTER id SET DEFAULT default_that_reads_its_table.next_ticket();
INSERT INTO default_that_reads_its_table.ticket (queue) VALUES ('a');
INSERT INTO default_that_reads_its_table.ticket (queue) VALUES ('b');
