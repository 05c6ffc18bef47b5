-- Capacities by room type
-- Rollback: rollback/01_core_tables/20250104_000000_capacities_table_rollback.sql
-- From: 20240603_capacity.sql:2-10
--       20240618_capacities_data.sql:2-6
--       20241015_capacity_int.sql:2-15
--       20250706123902-753c0f1e-6a55-4a0d-9d1b-0c1f7d1f8e52.sql:21

CREATE TABLE public.capacities (
    id serial NOT NULL,
    room_type public.room_type_enum NOT NULL,
    room_id uuid,
    max_people integer DEFAULT 0,
    seats integer,
    note character varying(80) DEFAULT 'n/a'::text,
    CONSTRAINT capacities_pkey PRIMARY KEY (id),
    CONSTRAINT capacities_room_type_room_id_key UNIQUE (room_type, room_id),
    CONSTRAINT capacities_room_id_fkey FOREIGN KEY (room_id) REFERENCES public.rooms(id) ON DELETE CASCADE
);

ALTER TABLE public.capacities ENABLE ROW LEVEL SECURITY;

INSERT INTO public.capacities (id, room_type, max_people, seats, note) VALUES
    (1, 'courtroom', 120, 100, 'n/a'),
    (2, 'jury_room', 14, 12, 'n/a'),
    (3, 'chambers', 6, 4, 'n/a'),
    (4, 'conference', 0, 20, 'not inspected');

CREATE INDEX capacities_chambers_idx ON public.capacities USING btree (max_people) WHERE (room_type = 'chambers'::public.room_type_enum);

CREATE FUNCTION capacity_label(p integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p > 0
    THEN 'max. ' || p || ' persons'
    ELSE 'closed' END
$$;

-- Rights
GRANT SELECT ON TABLE public.capacities TO dashboard_user;

-- Sequence positions
SELECT pg_catalog.setval('public.capacities_id_seq', 4, true);
