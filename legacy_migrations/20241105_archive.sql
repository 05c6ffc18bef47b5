CREATE SCHEMA IF NOT EXISTS archive;
COMMENT ON SCHEMA archive IS 'old things, read only';
ALTER TABLE court_schedules_old SET SCHEMA archive;
REVOKE ALL ON archive.court_schedules_old FROM anon, authenticated;
