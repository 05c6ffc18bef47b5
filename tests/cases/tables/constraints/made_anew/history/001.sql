CREATE SCHEMA made_anew;
CREATE TABLE made_anew.p (id int PRIMARY KEY);
CREATE TABLE made_anew.t (
    a int REFERENCES made_anew.p,
    b int,
    CONSTRAINT small CHECK (b < 10)
);
