-- Functions that nothing else is built on
-- Rollback: rollback/03_enhancements/20250110_000000_functions_rollback.sql
-- From: 20250401_functions_again.sql:3-21
--       20250602_lockdown.sql:15

create function room_occupancy(p_room uuid, p_on date default current_date) returns numeric
language sql stable as $$
  select case when exists (
           select 1 from court_schedules s
           where s.room_id = p_room and s.session_day = p_on and s.status <> 'cancelled')
         then r.capacity else r.capacity / 2.0 end
  from rooms r where r.id = p_room
$$;

-- from the framework story (schema supabase_migrations is there on the hosted database only)
create or replace function check_migration_status()
returns table (migration_name text, applied boolean, applied_at timestamptz) as $$
begin
  return query
  select name as migration_name, true as applied, executed_at as applied_at
  from supabase_migrations.schema_migrations
  order by executed_at desc;
end;
$$ language plpgsql;

-- Rights
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public REVOKE ALL ON TABLES FROM anon;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT SELECT ON TABLES TO dashboard_user;
