create table court_schedules (
  id serial primary key,
  room_number text not null,
  session_day date not null,
  begins time not null,
  ends time not null,
  judge text,
  check (ends > begins)
);

insert into court_schedules (room_number, session_day, begins, ends, judge) values
  ('101', '2023-12-04', '09:00', '12:00', 'Hon. A. Rivera'),
  ('103', '2023-12-05', '13:00', '16:30', null);
