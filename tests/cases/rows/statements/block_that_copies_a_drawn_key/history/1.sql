CREATE SCHEMA block_that_copies_a_drawn_key;
CREATE TABLE block_that_copies_a_drawn_key.courts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text UNIQUE
);
INSERT INTO block_that_copies_a_drawn_key.courts (name) VALUES ('North'), ('South');
-- No key says so, but its court is a court.
CREATE TABLE block_that_copies_a_drawn_key.rooms (
    court uuid, number integer, former_court uuid DEFAULT gen_random_uuid(), path text, PRIMARY KEY (court, number)
);
DO $$
DECLARE
    south uuid;
BEGIN
    SELECT id INTO south FROM block_that_copies_a_drawn_key.courts WHERE name = 'South';
    IF south IS NOT NULL THEN
        INSERT INTO block_that_copies_a_drawn_key.rooms VALUES (south, 1, south, south), (south, 2, south, 'x');
    END IF;
END $$;
