CREATE SCHEMA list_in_a_block;
CREATE TABLE list_in_a_block.t (
    a int,
    status varchar(20) NOT NULL
);
