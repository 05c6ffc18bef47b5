DO $$ BEGIN
    ALTER TABLE mods ADD COLUMN state varchar(8) CHECK (state IN ('on', 'it''s off')), ADD CHECK (kept > 0);
    ALTER TABLE mods ADD COLUMN kind varchar(8) CHECK (kind NOT IN ('a', 'b') OR state = 'on');
END $$;
