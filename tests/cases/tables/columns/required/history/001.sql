CREATE SCHEMA required;
CREATE TABLE required.t (
    a int NOT NULL,
    b int DEFAULT 0,
    c int NULL,
    d text COLLATE "C"
);
