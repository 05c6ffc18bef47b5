-- Takes back migrations/03_enhancements/20250110_000000_functions.sql.
-- Run it only when every later file is taken back.
-- It takes one transaction: psql -1, or BEGIN and COMMIT. Without one all of this is refused.
SET default_transaction_read_only = on;

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON TABLES TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public REVOKE ALL ON TABLES FROM dashboard_user;
DROP FUNCTION IF EXISTS public.check_migration_status();
DROP FUNCTION IF EXISTS public.room_occupancy(pg_catalog.uuid,pg_catalog.date);
RESET default_transaction_read_only;
