CREATE SCHEMA constraints_added;
CREATE TABLE constraints_added.p (id int PRIMARY KEY);
CREATE TABLE constraints_added.t (
    a int,
    b int
);
