create or replace function public.is_admin(uid uuid) returns boolean
language sql stable as $$
  select exists (select 1 from profiles where id = uid and role = 'administrator')
$$;

comment on function public.is_admin(uuid) is 'true for administrators; used by nearly every policy';

create policy "Admins manage buildings" on buildings for all to authenticated
  using (is_admin(auth.uid()));
