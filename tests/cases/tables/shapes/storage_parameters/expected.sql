CREATE TABLE parameters.t (
    a int,
    b text
) WITH (fillfactor='80', autovacuum_enabled='false');
ALTER TABLE ONLY parameters.t ALTER COLUMN b SET STATISTICS 500;
ALTER TABLE ONLY parameters.t ALTER COLUMN b SET STORAGE EXTERNAL;
ALTER TABLE ONLY parameters.t REPLICA IDENTITY FULL;

CREATE TABLE parameters.u (a int, b int) WITH (fillfactor='90');
