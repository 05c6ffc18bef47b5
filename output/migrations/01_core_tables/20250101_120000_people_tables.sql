-- Profiles, their roles and departments
-- Rollback: rollback/01_core_tables/20250101_120000_people_tables_rollback.sql
-- From: 20231106_profiles.sql:7-19
--       20240115_updated_at.sql:10-24
--       20240214_is_admin.sql:1-6
--       20240301_enable_rls.sql:2
--       20240318_departments.sql:1-14
--       20240513_rename_issues_to_tickets.sql:15
--       20240520_user_roles.sql:2-15
--       20240801_terms_2024_25.sql:13
--       20240910_grants_for_dashboard.sql:3
--       20241118_fix_is_admin.sql:2-8
--       20241202_indexes.sql:2, 4
--       20250203_comments.sql:9-10
--       20250217_test_users.sql:2
--       20250401_functions_again.sql:23-26
--       20250602_lockdown.sql:9-11
--       20250901_cleanup.sql:6-13

create table departments (
  id int generated always as identity primary key,
  name text not null unique,
  phone text,
  head_id uuid
);

CREATE TABLE public.profiles (
    id uuid PRIMARY KEY,
    email public.email_address NOT NULL UNIQUE,
    first_name text NOT NULL,
    last_name text CONSTRAINT profiles_surname_not_null NOT NULL,
    role public.user_role NOT NULL DEFAULT 'staff',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- full name is computed, the front end kept getting it wrong
    full_name text GENERATED ALWAYS AS (first_name || ' ' || last_name) STORED,
    -- every profile belongs to a department, every department has a head
    department_id int references departments (id) deferrable initially deferred
);

-- security review, finding #3: RLS is off on most tables
ALTER TABLE public.profiles          ENABLE ROW LEVEL SECURITY;

CREATE TRIGGER set_profiles_updated_at BEFORE UPDATE ON public.profiles FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

insert into departments (name, phone) values
  ('Clerk of Court', '555-0100'),
  ('Facilities', '555-0200'),
  ('Security', '555-0102');

ALTER TABLE ONLY public.departments
    ADD CONSTRAINT departments_head_id_fkey FOREIGN KEY (head_id) REFERENCES public.profiles(id);

-- roles move to their own table (a clerk can be two things)
create table user_roles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references profiles (id) on delete cascade,
  role user_role not null,
  granted_at timestamptz not null default now(),
  unique (user_id, role)
);

alter table user_roles enable row level security;

-- slow query report, first batch
create unique index profiles_email_lower_idx on profiles (lower(email));

create index profiles_initials_idx on profiles ((left(first_name, 1) || left(last_name, 1)));

-- judges are no admins after all. final version!!
create or replace function public.is_admin(uid uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select 1 from public.user_roles ur
    where ur.user_id = uid and ur.role = 'administrator'
  )
$$;
COMMENT ON FUNCTION public.is_admin(uid uuid) IS 'true for administrators; used by nearly every policy';

-- Rights
GRANT SELECT ON TABLE public.departments TO dashboard_user;
REVOKE UPDATE ON TABLE public.profiles FROM authenticated;
REVOKE DELETE, INSERT, TRUNCATE, UPDATE ON TABLE public.user_roles FROM anon, authenticated;
GRANT UPDATE (first_name, last_name) ON TABLE public.profiles TO authenticated;
