CREATE TABLE rows_between.t (
    a int PRIMARY KEY,
    b text NOT NULL,
    c int NOT NULL
);
