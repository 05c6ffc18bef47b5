-- Takes back seed/03_sample_rooms.sql.
-- Run it only when every later file is taken back.

ALTER TABLE public.rooms DISABLE TRIGGER USER;
DELETE FROM public.rooms WHERE floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '101';
DELETE FROM public.rooms WHERE floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '102';
DELETE FROM public.rooms WHERE floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '103';
ALTER TABLE public.rooms ENABLE TRIGGER USER;
DELETE FROM public.floors WHERE id = '20000000-0000-0000-0000-000000000001';
DELETE FROM public.buildings WHERE id = '10000000-0000-0000-0000-000000000001';
