CREATE SCHEMA rows_between;
CREATE TABLE rows_between.t (
    a int PRIMARY KEY,
    b text
);
INSERT INTO rows_between.t VALUES (1, 'one'), (2, NULL);
