-- lookup table for the admin screen
create table room_types (
  id serial primary key,
  name text not null unique,
  description text,
  default_capacity int check (default_capacity > 0)
);

insert into room_types (name, description, default_capacity) values
  ('Courtroom', 'Court proceedings room', 100),
  ('Office', 'Individual office', 4),
  ('Conference', 'Conference room', 20);

-- nobody reads this any more
alter table rooms drop column kind;
