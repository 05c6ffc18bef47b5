-- capacity by room type (fire marshal)
create table capacities (
    id serial primary key,
    room_type room_type_enum not null,
    room_id uuid references rooms(id) on delete cascade,
    max_people text default '0',          -- comes from a spreadsheet
    seats int,
    note text default 'n/a',
    unique (room_type, room_id)
);

create function room_occupancy(p_room uuid) returns integer
language sql stable as $$
  select capacity from rooms where id = p_room
$$;
comment on function room_occupancy(uuid) is 'legal maximum';
revoke execute on function room_occupancy(uuid) from anon;
