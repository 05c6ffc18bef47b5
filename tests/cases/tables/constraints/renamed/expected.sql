CREATE TABLE constraint_renamed.t (
    a int PRIMARY KEY,
    b int CONSTRAINT positive CHECK (b > 0),
    CONSTRAINT "Only once" UNIQUE (b)
);
