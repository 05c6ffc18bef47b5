CREATE TABLE none_at_first.t (
    a int,
    PRIMARY KEY (a)
);
