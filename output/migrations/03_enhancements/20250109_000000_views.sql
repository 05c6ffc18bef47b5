-- Views and the equipment statistics
-- Rollback: rollback/03_enhancements/20250109_000000_views_rollback.sql
-- From: 20240502_views.sql:1-19
--       20240910_grants_for_dashboard.sql:3
--       20250120_equipment.sql:15-20
--       20250210_new_microphones.sql:2-4
--       20250706123902-753c0f1e-6a55-4a0d-9d1b-0c1f7d1f8e52.sql:3-10

-- for the phone list
CREATE VIEW public.staff_directory AS
 SELECT id,
    full_name,
    last_name AS surname,
    email
   FROM public.profiles p
  ORDER BY last_name;

-- for the Monday meeting
CREATE MATERIALIZED VIEW equipment_stats AS
SELECT e.item, sum(e.quantity) AS pieces, count(*) AS rooms
FROM room_equipment e
GROUP BY e.item;

CREATE UNIQUE INDEX equipment_stats_item_idx ON equipment_stats (item);

-- delivered on Friday
insert into room_equipment (room_number, item, quantity) values
  ('102', 'microphone', 2),
  ('102', 'projector', 1);

create or replace view "public"."active_rooms" as  SELECT r.id,
    r.room_number,
    r.room_type,
    r.capacity,
    r.floor_id
   FROM rooms r
  WHERE (r.capacity > 0)
  ORDER BY r.room_number;

CREATE VIEW public.room_directory AS
 SELECT a.id,
    a.room_number,
    a.room_type,
    a.capacity,
    f.name AS floor_name,
    b.name AS building_name
   FROM (((public.active_rooms a
     JOIN public.rooms r USING (id))
     JOIN public.floors f ON ((f.id = r.floor_id)))
     JOIN public.buildings b ON ((b.id = r.building_id)));
COMMENT ON VIEW public.room_directory IS 'What visitors see on the lobby screen';

-- Rights
GRANT SELECT ON TABLE public.active_rooms, public.room_directory, public.staff_directory TO dashboard_user;
