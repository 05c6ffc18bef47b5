ALTER TABLE holidays ADD COLUMN note text;
