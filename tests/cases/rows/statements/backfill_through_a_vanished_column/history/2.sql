ALTER TABLE backfill_through_a_vanished_column.people ADD COLUMN first_name text, ADD COLUMN last_name text;
UPDATE backfill_through_a_vanished_column.people
SET first_name = split_part(full_name, ' ', 1), last_name = split_part(full_name, ' ', 2);
ALTER TABLE backfill_through_a_vanished_column.people ALTER COLUMN last_name SET NOT NULL, DROP COLUMN full_name;
INSERT INTO backfill_through_a_vanished_column.people VALUES (3, 'Emmy', 'Noether');
