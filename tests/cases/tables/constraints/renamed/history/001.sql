CREATE SCHEMA constraint_renamed;
CREATE TABLE constraint_renamed.t (
    a int PRIMARY KEY,
    b int CHECK (b > 0),
    CONSTRAINT once UNIQUE (b)
);
