CREATE TABLE defaults_of.t (
    a int,
    b text NOT NULL DEFAULT 'y' || 'z', -- kept
    c timestamptz DEFAULT now(),
    d text DEFAULT 'none' CHECK (d <> '')
);
