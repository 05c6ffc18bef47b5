CREATE TABLE required.t (
    a int,
    b int NOT NULL DEFAULT 0,
    c int NOT NULL,
    d text COLLATE "C" NOT NULL
);
