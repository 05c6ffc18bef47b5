CREATE SCHEMA types_of;
CREATE TABLE types_of.t (
    a int, -- grows
    b varchar(20) COLLATE "C" NOT NULL,
    c text,
    d varchar(10) DEFAULT 'x',
    e int[]
);
