-- Seed rows (sample)
-- Rollback: rollback/seed/03_sample_rooms_rollback.sql
-- From: 20231120_sample_rooms.sql:2-3, 9-16
--       20240405_room_type_enum.sql:7-12

-- Sample building
INSERT INTO buildings (id, name, address) VALUES
  ('10000000-0000-0000-0000-000000000001', 'Main Courthouse', '100 Centre St');

-- Sample floor
INSERT INTO floors (id, building_id, floor_number, name) VALUES
  ('20000000-0000-0000-0000-000000000001', '10000000-0000-0000-0000-000000000001', 1, 'First Floor');

INSERT INTO public.rooms (building_id, floor_id, room_number, capacity, room_type) VALUES
    ('10000000-0000-0000-0000-000000000001', '20000000-0000-0000-0000-000000000001', '101', 4, 'office'),
    ('10000000-0000-0000-0000-000000000001', '20000000-0000-0000-0000-000000000001', '102', 4, 'office'),
    ('10000000-0000-0000-0000-000000000001', '20000000-0000-0000-0000-000000000001', '103', 20, 'conference');
