-- Judges of the county
CREATE TABLE judges (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    -- the bench number
    bench integer UNIQUE
);
