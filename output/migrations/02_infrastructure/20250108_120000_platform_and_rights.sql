-- Sign-up trigger, buckets, realtime, rights on the platform's objects, default privileges
-- Rollback: rollback/02_infrastructure/20250108_120000_platform_and_rights_rollback.sql
-- From: 20240819_storage.sql:2-6
--       20240902_handle_new_user.sql:2-20
--       20250505_realtime.sql:9-10
--       20250602_lockdown.sql:2-5

-- bucket for floor plans
insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('floor-plans', 'floor-plans', false, 10485760, array['image/png', 'application/pdf']);

insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true)
on conflict (id) do nothing;

-- straight from the Supabase docs
create function public.handle_new_user()
returns trigger
language plpgsql
security definer set search_path = ''
as $$
begin
  insert into public.profiles (id, email, first_name, last_name)
  values (
    new.id, new.email,
    coalesce(new.raw_user_meta_data ->> 'first_name', ''),
    coalesce(new.raw_user_meta_data ->> 'last_name', '')
  );
  return new;
end;
$$;

create trigger on_auth_user_created
  after insert on auth.users
  for each row execute procedure public.handle_new_user();

-- live ticket board and notifications
alter publication supabase_realtime add table tickets;

alter publication supabase_realtime add table public.notifications;

-- Rights
REVOKE ALL ON FUNCTION auth.email() FROM PUBLIC;
REVOKE ALL ON SCHEMA graphql_public FROM anon;
GRANT USAGE ON SCHEMA public TO dashboard_user;
REVOKE ALL ON TABLE storage.buckets FROM anon;
