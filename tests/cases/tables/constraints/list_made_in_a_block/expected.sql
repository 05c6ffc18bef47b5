CREATE TABLE list_in_a_block.t (
    a int,
    status varchar(20) NOT NULL,
    b int,
    CONSTRAINT known CHECK ((status IN ('new', 'old')))
);
