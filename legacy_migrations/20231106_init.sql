-- initial tables, more to come (see the floor plan pdf in the drive)
create table building_types (
    id serial primary key,
    name text not null unique,
    description text
);

create table buildings (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    address text,
    building_type_id int references building_types(id),
    created_at timestamptz not null default now()
);

insert into building_types (name, description) values
  ('Courthouse', 'Main courthouse building'),
  ('Annex', 'Courthouse annex building'),
  ('Administrative', 'Administrative offices');

create table floors (
    id uuid primary key default gen_random_uuid(),
    building_id uuid not null references buildings(id) on delete cascade,
    floor_number int not null,
    name text,
    unique (building_id, floor_number)
);
