CREATE TABLE dropped.t (
    a int,
    c int,
    PRIMARY KEY (a)
);
