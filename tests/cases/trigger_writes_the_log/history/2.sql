ALTER TABLE things ADD COLUMN weight numeric;
UPDATE things SET weight = 1.50 WHERE name = 'first';
