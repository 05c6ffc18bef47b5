-- delivered on Friday
insert into room_equipment (room_number, item, quantity) values
  ('102', 'microphone', 2),
  ('102', 'projector', 1);

-- remember to refresh equipment_stats!   (refresh materialized view equipment_stats;)
