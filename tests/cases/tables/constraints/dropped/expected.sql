CREATE TABLE constraints_dropped.t (
    a int,
    b int NOT NULL,
    c int CHECK (c > 0),
    PRIMARY KEY (c)
);
