CREATE SCHEMA backfill_through_a_vanished_column;
CREATE TABLE backfill_through_a_vanished_column.people (id int PRIMARY KEY, full_name text NOT NULL);
INSERT INTO backfill_through_a_vanished_column.people VALUES (1, 'Ada Lovelace'), (2, 'Grace Hopper');
