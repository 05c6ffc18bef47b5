-- Capacities by room type
-- Rollback: rollback/01_core_tables/20250104_000000_capacities_table_rollback.sql
-- From: 20240603_capacity.sql:2-10
--       20240618_capacities_data.sql:2-6
--       20241015_capacity_int.sql:2-15
--       20250706123902-753c0f1e-6a55-4a0d-9d1b-0c1f7d1f8e52.sql:21

-- capacity by room type (fire marshal)
create table capacities (
    id serial primary key,
    room_type room_type_enum not null,
    room_id uuid references rooms(id) on delete cascade,
    -- max_people as a number (edited on the clerk's Windows laptop)
    max_people integer DEFAULT 0,          -- comes from a spreadsheet
    seats int,
    -- 80 characters is what fits on the sign
    note character varying(80) DEFAULT 'n/a'::text,
    unique (room_type, room_id)
);

alter table "public"."capacities" enable row level security;

-- numbers from the fire marshal's spreadsheet, as they are
insert into capacities (room_type, max_people, seats) values
  ('courtroom', '120', 100),
  ('jury_room', 14, 12),
  ('chambers',  '6', 4);

insert into capacities (room_type, seats, note) values ('conference', 20, 'not inspected');

create index capacities_chambers_idx on capacities (max_people) where room_type = 'chambers';

CREATE FUNCTION capacity_label(p integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p > 0
    THEN 'max. ' || p || ' persons'
    ELSE 'closed' END
$$;

-- Rights
GRANT SELECT ON TABLE public.capacities TO dashboard_user;
