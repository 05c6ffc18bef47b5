DROP FUNCTION IF EXISTS public.check_migration_status();
