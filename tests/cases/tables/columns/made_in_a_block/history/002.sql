DO $$ BEGIN
    ALTER TABLE in_a_block.t ADD COLUMN c int DEFAULT 7;
    ALTER TABLE in_a_block.t ALTER COLUMN b SET DEFAULT 3;
END $$;
ALTER TABLE in_a_block.t ADD COLUMN d int;
