ALTER TABLE tiers ADD COLUMN hours integer;
UPDATE tiers SET hours = 1 WHERE hours IS NULL;

-- Of a block only the rows can be told
DO $$ BEGIN
    INSERT INTO teams (tier, name) VALUES ('base', 'staff');
END $$;

ALTER TABLE tiers DROP COLUMN processors;
DROP TRIGGER found_team ON users;
ALTER TABLE users DROP COLUMN email;
