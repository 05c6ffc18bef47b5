-- Row level security policies
-- Rollback: rollback/02_infrastructure/20250108_000000_rls_policies_rollback.sql
-- From: 20240110093011-a4d2c7f0-8f5e-4c49-b0d6-3f7be1f1c0aa.sql:21-26
--       20240214_is_admin.sql:8-9
--       20240301_enable_rls.sql:9, 11-15
--       20240513_rename_issues_to_tickets.sql:5
--       20240819_storage.sql:8-12
--       20241007_notifications_v2.sql:12-13
--       20250303_policies_again.sql:6-13, 16-23
--       20250706123902-753c0f1e-6a55-4a0d-9d1b-0c1f7d1f8e52.sql:13-18
--       20250713_keys_table.sql:21-22
--       20250714_key_assignments.sql:16-17
--       20250715_key_requests.sql:10-11

create policy "Enable read access for all users"
on "public"."buildings"
as permissive
for select
to public
using (true);

create policy "Admins manage buildings" on buildings for all to authenticated
  using (is_admin(auth.uid()));

CREATE POLICY "Users can view own profile" ON public.profiles FOR SELECT USING (auth.uid() = id);

CREATE POLICY "Anyone can read floors" ON public.floors FOR SELECT USING (true);

CREATE POLICY "Staff read tickets" ON public.tickets FOR SELECT TO authenticated USING (true);

CREATE POLICY "Staff report issues" ON public.tickets FOR INSERT TO authenticated
    WITH CHECK (reporter_id = auth.uid());

CREATE POLICY "Public calendar" ON public.court_terms FOR SELECT TO anon, authenticated USING (true);

create policy "Staff read floor plans" on storage.objects for select to authenticated
  using (bucket_id = 'floor-plans');

create policy "Own avatar" on storage.objects for insert to authenticated
  with check (bucket_id = 'avatars' and (storage.foldername(name))[1] = auth.uid()::text);

CREATE POLICY "Read own notifications" ON notifications FOR SELECT TO authenticated
    USING (recipient_id = auth.uid());

create policy "Enable read access for all users" on rooms
  for select to authenticated
  using (capacity > 0 or is_admin(auth.uid()));

create policy "Admins manage rooms" on rooms
  for all to authenticated
  using (is_admin((select auth.uid())))
  with check (is_admin((select auth.uid())));

create policy "Users can update own profile" on profiles for update to authenticated
  using (auth.uid() = id) with check (auth.uid() = id and role = 'staff');

-- nobody but me may see that I am locked out
create policy "Only in office hours" on tickets as restrictive for insert to authenticated
  with check (extract(hour from now() at time zone 'America/New_York') between 6 and 20);

create policy "Enable read access for authenticated users"
on "public"."capacities"
as permissive
for select
to authenticated
using (true);

CREATE POLICY keys_read ON keys FOR SELECT TO authenticated USING (true);

CREATE POLICY keys_admin ON keys FOR ALL TO authenticated USING (is_admin(auth.uid()));

CREATE POLICY key_assignments_read ON key_assignments FOR SELECT TO authenticated
    USING (profile_id = auth.uid() OR is_admin(auth.uid()));

create policy key_requests_insert on key_requests for insert to authenticated with check (status = 'pending');

create policy key_requests_admin on key_requests for all to authenticated using (is_admin(auth.uid()));
