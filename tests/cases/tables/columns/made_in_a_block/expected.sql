CREATE TABLE in_a_block.t (
    a int, -- as written
    b integer DEFAULT 3,
    c integer DEFAULT 7,
    d int
);
