CREATE SCHEMA partitioned;
CREATE TABLE partitioned.t (
    a int NOT NULL, -- the key
    b int
) PARTITION BY RANGE (a);
