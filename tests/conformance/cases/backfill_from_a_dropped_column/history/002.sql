ALTER TABLE backfilled.people ADD COLUMN name text;
UPDATE backfilled.people SET name = first_name || ' ' || last_name;
ALTER TABLE backfilled.people DROP COLUMN first_name, DROP COLUMN last_name;
