CREATE TABLE default_of.t (
    a int,
    b timestamp with time zone DEFAULT '1970-01-01 00:00:00'::timestamp without time zone NOT NULL,
    c int
);
