CREATE SCHEMA over_an_index;
CREATE TABLE over_an_index.t (
    a int NOT NULL
);
