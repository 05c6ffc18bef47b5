-- Takes back migrations/03_enhancements/20250110_000000_functions.sql.
-- Run it only when every later file is taken back.

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON TABLES TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public REVOKE ALL ON TABLES FROM dashboard_user;
DROP FUNCTION IF EXISTS public.check_migration_status();
DROP FUNCTION IF EXISTS public.room_occupancy(pg_catalog.uuid,pg_catalog.date);
