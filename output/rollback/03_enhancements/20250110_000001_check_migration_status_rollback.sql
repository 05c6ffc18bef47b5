-- Takes back migrations/03_enhancements/20250110_000001_check_migration_status.sql.

DROP FUNCTION IF EXISTS public.check_migration_status();

-- As it was before.
CREATE FUNCTION public.check_migration_status() RETURNS TABLE(migration_name text, applied boolean, applied_at timestamp with time zone)
    LANGUAGE plpgsql
    AS $$
begin
  return query
  select name as migration_name, true as applied, executed_at as applied_at
  from supabase_migrations.schema_migrations
  order by executed_at desc;
end;
$$;
ALTER FUNCTION public.check_migration_status() OWNER TO postgres;

GRANT ALL ON FUNCTION public.check_migration_status() TO anon;
GRANT ALL ON FUNCTION public.check_migration_status() TO authenticated;
GRANT ALL ON FUNCTION public.check_migration_status() TO service_role;
