CREATE TABLE before_a_tablespace.t (
    a int
) WITH (fillfactor='80') TABLESPACE pg_default;
