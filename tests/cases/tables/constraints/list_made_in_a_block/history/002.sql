DO $$ BEGIN
    ALTER TABLE list_in_a_block.t ADD CONSTRAINT known CHECK (status IN ('new', 'old'));
END $$;
ALTER TABLE list_in_a_block.t ADD COLUMN b int;
