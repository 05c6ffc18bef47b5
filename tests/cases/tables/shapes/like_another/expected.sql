CREATE TABLE like_another.p (a int);

CREATE TABLE like_another.t (
    a integer,
    b integer,
    c integer
);
