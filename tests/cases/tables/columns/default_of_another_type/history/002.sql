ALTER TABLE default_of.t ALTER COLUMN b TYPE timestamptz USING b AT TIME ZONE 'UTC';
ALTER TABLE default_of.t ADD COLUMN c int;
