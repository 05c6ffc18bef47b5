CREATE TABLE partitioned.t (
    a int NOT NULL, -- the key
    b int,
    c text DEFAULT 'x',
    PRIMARY KEY (a)
) PARTITION BY RANGE (a);
