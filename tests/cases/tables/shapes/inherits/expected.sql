CREATE TABLE inherits.p (
    a int
);

CREATE TABLE inherits.t (
    b integer,
    c integer
)
INHERITS (inherits.p);
