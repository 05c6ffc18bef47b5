CREATE SCHEMA inherits;
CREATE TABLE inherits.p (
    a int
);
CREATE TABLE inherits.t (b int) INHERITS (inherits.p);
