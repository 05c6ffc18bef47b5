-- roles move to their own table (a clerk can be two things)
create table user_roles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references profiles (id) on delete cascade,
  role user_role not null,
  granted_at timestamptz not null default now(),
  unique (user_id, role)
);
alter table user_roles enable row level security;

create or replace function public.is_admin(uid uuid) returns boolean
language sql stable security definer as $$
  select exists (select 1 from user_roles where user_id = uid and role = 'administrator')
      or exists (select 1 from profiles where id = uid and role = 'administrator')
$$;
