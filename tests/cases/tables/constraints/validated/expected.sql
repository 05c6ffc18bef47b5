CREATE TABLE validated.t (
    a int,
    b int,
    CONSTRAINT later CHECK (a > 0)
);

ALTER TABLE validated.t ADD CONSTRAINT never CHECK (b > 0) NOT VALID;
