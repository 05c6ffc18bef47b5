CREATE SCHEMA parameters;
CREATE TABLE parameters.t (
    a int,
    b text
) WITH (fillfactor = 70);
CREATE TABLE parameters.u (a int);
