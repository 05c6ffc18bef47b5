CREATE SCHEMA table_renamed;
CREATE TABLE table_renamed.t (
    id int PRIMARY KEY,
    up int REFERENCES table_renamed.t,
    a int NOT NULL UNIQUE CHECK (a > 0)
);
