CREATE SCHEMA in_a_block;
CREATE TABLE in_a_block.t (
    a int, -- as written
    b int
);
