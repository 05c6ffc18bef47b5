alter table "public"."rooms" enable row level security;

alter table "public"."buildings" enable row level security;

create policy "Enable read access for all users"
on "public"."rooms"
as permissive
for select
to public
using (true);


create policy "Enable insert for authenticated users only"
on "public"."rooms"
as permissive
for insert
to authenticated
with check (true);


create policy "Enable read access for all users"
on "public"."buildings"
as permissive
for select
to public
using (true);
