-- occupancy needs a day: some rooms are half closed for works
drop function room_occupancy(uuid);
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

CREATE OR REPLACE FUNCTION public.is_admin(uid uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 10 AS $$
  SELECT EXISTS (SELECT 1 FROM public.user_roles WHERE user_id = uid AND role IN ('administrator', 'judge'));
$$;
