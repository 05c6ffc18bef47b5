CREATE SCHEMA added;
CREATE TABLE added.t (
    a int PRIMARY KEY, -- the number
    b text
);
