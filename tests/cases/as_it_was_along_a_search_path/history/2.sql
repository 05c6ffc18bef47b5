SET search_path = app;
ALTER TABLE parent ADD COLUMN late integer;
ALTER TABLE other ADD COLUMN name text;
