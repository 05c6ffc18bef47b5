ALTER TABLE parameters.t SET (fillfactor = 80, autovacuum_enabled = false);
ALTER TABLE parameters.t ALTER COLUMN b SET STORAGE EXTERNAL, ALTER COLUMN b SET STATISTICS 500;
ALTER TABLE parameters.t REPLICA IDENTITY FULL;
ALTER TABLE parameters.u SET (fillfactor = 90);
ALTER TABLE parameters.u ADD COLUMN b int;
