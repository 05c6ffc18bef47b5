-- Takes back seed/01_reference_data.sql.
-- Run it only when every later file is taken back.

DELETE FROM public.room_types WHERE id = 1;
DELETE FROM public.room_types WHERE id = 2;
DELETE FROM public.room_types WHERE id = 3;
DELETE FROM public.building_types WHERE id = 1;
DELETE FROM public.building_types WHERE id = 2;
DELETE FROM public.building_types WHERE id = 3;
SELECT pg_catalog.setval('public.building_types_id_seq', 1, false);
SELECT pg_catalog.setval('public.room_types_id_seq', 1, false);
