-- Takes back migrations/03_enhancements/20250109_000000_views.sql.
-- Run it only when every later file is taken back.

DROP VIEW IF EXISTS public.room_directory;
DROP VIEW IF EXISTS public.active_rooms;
DELETE FROM public.room_equipment WHERE room_number = '102' AND item = 'microphone';
DELETE FROM public.room_equipment WHERE room_number = '102' AND item = 'projector';
DROP MATERIALIZED VIEW IF EXISTS public.equipment_stats;
DROP VIEW IF EXISTS public.staff_directory;
