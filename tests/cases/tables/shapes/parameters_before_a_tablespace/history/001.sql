CREATE SCHEMA before_a_tablespace;
CREATE TABLE before_a_tablespace.t (
    a int
) TABLESPACE pg_default;
