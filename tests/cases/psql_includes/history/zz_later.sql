ALTER TABLE goods ADD COLUMN price numeric;
