CREATE SCHEMA renamed_column;
CREATE TABLE renamed_column.t (
    a int PRIMARY KEY,
    value int NOT NULL CHECK (value > 0),
    twice int GENERATED ALWAYS AS (value * 2) STORED,
    b text UNIQUE,
    CHECK (a < value)
);
