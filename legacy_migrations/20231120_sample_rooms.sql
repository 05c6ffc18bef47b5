-- Sample building
INSERT INTO buildings (id, name, address) VALUES
  ('10000000-0000-0000-0000-000000000001', 'Main Courthouse', '100 Centre St');

-- one number can't be used twice on a floor!!
alter table rooms add constraint rooms_floor_number_key unique (floor_id, number);

-- Sample floor
INSERT INTO floors (id, building_id, floor_number, name) VALUES
  ('20000000-0000-0000-0000-000000000001', '10000000-0000-0000-0000-000000000001', 1, 'First Floor');

-- Sample rooms (old numbering, 'kind' is free text for now)
INSERT INTO rooms (building_id, floor_id, number, kind, capacity) VALUES
  ('10000000-0000-0000-0000-000000000001', '20000000-0000-0000-0000-000000000001', '101', 'Office', 4),
  ('10000000-0000-0000-0000-000000000001', '20000000-0000-0000-0000-000000000001', '102', 'office ', 4),
  ('10000000-0000-0000-0000-000000000001', '20000000-0000-0000-0000-000000000001', '103', 'Conference room', 20);
