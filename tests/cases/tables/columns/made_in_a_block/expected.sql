CREATE TABLE in_a_block.t (
    a int, -- as written
    b integer DEFAULT 3,
    c bigint DEFAULT 7,
    d int,
    g text CONSTRAINT t_e_not_null NOT NULL
);
