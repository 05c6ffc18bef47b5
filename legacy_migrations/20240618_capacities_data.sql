-- numbers from the fire marshal's spreadsheet, as they are
insert into capacities (room_type, max_people, seats) values
  ('courtroom', '120', 100),
  ('jury_room', '14 persons', 12),
  ('chambers',  '6', 4);
insert into capacities (room_type, seats, note) values ('conference', 20, 'not inspected');

create index capacities_chambers_idx on capacities (max_people) where room_type = 'chambers';
