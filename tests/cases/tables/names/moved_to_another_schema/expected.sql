CREATE TABLE moved.t (
    id int PRIMARY KEY,
    a int
);
