set check_function_bodies = off;

create or replace view "public"."active_rooms" as  SELECT r.id,
    r.room_number,
    r.room_type,
    r.capacity,
    r.floor_id
   FROM rooms r
  WHERE (r.capacity > 0)
  ORDER BY r.room_number;


create policy "Enable read access for authenticated users"
on "public"."capacities"
as permissive
for select
to authenticated
using (true);


alter table "public"."capacities" enable row level security;
