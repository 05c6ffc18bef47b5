-- clean up after the summer
update tickets set title = 'Air conditioning' where title = 'AC';
alter table tickets validate constraint tickets_title_length;

-- judges are no admins after all. final version!!
create or replace function public.is_admin(uid uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select 1 from public.user_roles ur
    where ur.user_id = uid and ur.role = 'administrator'
  )
$$;
