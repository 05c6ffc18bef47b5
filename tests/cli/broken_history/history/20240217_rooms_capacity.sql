ALTER TABLE rooms ADD COLUMN capacity integer;
