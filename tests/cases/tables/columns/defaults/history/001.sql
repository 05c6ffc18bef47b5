CREATE SCHEMA defaults_of;
CREATE TABLE defaults_of.t (
    a int DEFAULT 1,
    b text NOT NULL DEFAULT 'x', -- kept
    c timestamptz DEFAULT now(),
    d text CHECK (d <> '')
);
