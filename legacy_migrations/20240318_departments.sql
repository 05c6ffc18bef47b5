create table departments (
  id int generated always as identity primary key,
  name text not null unique,
  phone text,
  head_id uuid references profiles (id)
);

-- every profile belongs to a department, every department has a head
alter table profiles add column department_id int references departments (id) deferrable initially deferred;

insert into departments (name, phone) values
  ('Clerk of Court', '555-0100'),
  ('Facilities', '555-0101'),
  ('Security', '555-0102');
