CREATE SCHEMA validated;
CREATE TABLE validated.t (
    a int,
    b int
);
