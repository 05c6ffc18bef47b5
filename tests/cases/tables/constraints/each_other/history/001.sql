CREATE SCHEMA each_other;
CREATE TABLE each_other.a (
    id int PRIMARY KEY
);
CREATE TABLE each_other.b (
    id int PRIMARY KEY,
    a int REFERENCES each_other.a
);
