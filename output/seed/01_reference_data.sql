-- Seed rows (reference)
-- Rollback: rollback/seed/01_reference_data_rollback.sql
-- From: 20231106_init.sql:16-19
--       20240422_room_types.sql:9-12

insert into building_types (name, description) values
  ('Courthouse', 'Main courthouse building'),
  ('Annex', 'Courthouse annex building'),
  ('Administrative', 'Administrative offices');

insert into room_types (name, description, default_capacity) values
  ('Courtroom', 'Court proceedings room', 100),
  ('Office', 'Individual office', 4),
  ('Conference', 'Conference room', 20);
