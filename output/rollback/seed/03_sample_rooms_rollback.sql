-- Takes back seed/03_sample_rooms.sql.
-- Run it only when every later file is taken back.

-- Refuses to lose rows or cells that were changed since or are not of this history, and rows that
-- others point at.
DO $guard$
DECLARE
    at_risk text;
BEGIN
    IF coalesce(current_setting('consolidate.allow_data_loss', true), '') = 'on' THEN
        RETURN;
    END IF;
    PERFORM set_config('row_security', 'off', true), set_config('TimeZone', 'UTC', true),
        set_config('DateStyle', 'ISO, MDY', true), set_config('IntervalStyle', 'postgres', true),
        set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true);
    SELECT string_agg(format('%s (%s rows)', what, rows), ', ') INTO at_risk FROM (
        SELECT 'public.buildings, changed since', count(*) FROM ONLY public.buildings
        WHERE (id = '10000000-0000-0000-0000-000000000001' AND (name IS DISTINCT FROM 'Main Courthouse' OR address IS DISTINCT FROM '100 Centre St' OR building_type_id IS NOT NULL))
        UNION ALL
        SELECT 'public.floors, changed since', count(*) FROM ONLY public.floors
        WHERE (id = '20000000-0000-0000-0000-000000000001' AND (building_id IS DISTINCT FROM '10000000-0000-0000-0000-000000000001' OR floor_number IS DISTINCT FROM 1 OR name IS DISTINCT FROM 'First Floor' OR plan_url IS NOT NULL))
        UNION ALL
        SELECT 'public.rooms, changed since', count(*) FROM ONLY public.rooms
        WHERE (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '101' AND (building_id IS DISTINCT FROM '10000000-0000-0000-0000-000000000001' OR capacity IS DISTINCT FROM 4 OR room_type IS DISTINCT FROM 'office'))
            OR (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '102' AND (building_id IS DISTINCT FROM '10000000-0000-0000-0000-000000000001' OR capacity IS DISTINCT FROM 4 OR room_type IS DISTINCT FROM 'office'))
            OR (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '103' AND (building_id IS DISTINCT FROM '10000000-0000-0000-0000-000000000001' OR capacity IS DISTINCT FROM 20 OR room_type IS DISTINCT FROM 'conference'))
        UNION ALL
        SELECT 'public.capacities, pointing at public.rooms', count(*) - 0 FROM ONLY public.capacities AS child
        JOIN (SELECT * FROM ONLY public.rooms
            WHERE (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '101') OR (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '102') OR (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '103')) AS parent ON child.room_id = parent.id
        UNION ALL
        SELECT 'public.court_schedules, pointing at public.rooms', count(*) - 0 FROM ONLY public.court_schedules AS child
        JOIN (SELECT * FROM ONLY public.rooms
            WHERE (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '101') OR (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '102') OR (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '103')) AS parent ON child.room_id = parent.id
        UNION ALL
        SELECT 'public.floors, pointing at public.buildings', count(*) - 1 FROM ONLY public.floors AS child
        JOIN (SELECT * FROM ONLY public.buildings
            WHERE (id = '10000000-0000-0000-0000-000000000001')) AS parent ON child.building_id = parent.id
        UNION ALL
        SELECT 'public.keys, pointing at public.rooms', count(*) - 0 FROM ONLY public.keys AS child
        JOIN (SELECT * FROM ONLY public.rooms
            WHERE (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '101') OR (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '102') OR (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '103')) AS parent ON child.room_id = parent.id
        UNION ALL
        SELECT 'public.rooms, pointing at public.buildings', count(*) - 3 FROM ONLY public.rooms AS child
        JOIN (SELECT * FROM ONLY public.buildings
            WHERE (id = '10000000-0000-0000-0000-000000000001')) AS parent ON child.building_id = parent.id
        UNION ALL
        SELECT 'public.rooms, pointing at public.floors', count(*) - 3 FROM ONLY public.rooms AS child
        JOIN (SELECT * FROM ONLY public.floors
            WHERE (id = '20000000-0000-0000-0000-000000000001')) AS parent ON child.floor_id = parent.id
        UNION ALL
        SELECT 'public.tickets, pointing at public.rooms', count(*) - 0 FROM ONLY public.tickets AS child
        JOIN (SELECT * FROM ONLY public.rooms
            WHERE (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '101') OR (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '102') OR (floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '103')) AS parent ON child.room_id = parent.id
    ) AS risks (what, rows)
    WHERE rows > 0;
    IF at_risk IS NOT NULL THEN
        RAISE EXCEPTION 'this rollback would lose rows: %', at_risk
            USING HINT = 'Back them up, then SET consolidate.allow_data_loss = ''on''.';
    END IF;
END
$guard$;

-- A row that a policy hides is an error, not a row that is left.
SET LOCAL row_security = off;
-- No trigger and no rule fires for these rows; each is left as it was.
DO $rows$
#variable_conflict use_column
DECLARE
    firing record;
    silenced text[] := '{}';
BEGIN
    FOR firing IN
        SELECT tgrelid::regclass AS relation, 'TRIGGER' AS kind, tgname AS name, tgenabled AS state
        FROM pg_catalog.pg_trigger
        WHERE tgrelid = ANY (ARRAY['public.rooms', 'public.floors', 'public.buildings']::regclass[]) AND NOT tgisinternal
        UNION ALL
        SELECT ev_class::regclass, 'RULE', rulename, ev_enabled FROM pg_catalog.pg_rewrite
        WHERE ev_class = ANY (ARRAY['public.rooms', 'public.floors', 'public.buildings']::regclass[])
    LOOP
        CONTINUE WHEN firing.state = 'D';
        EXECUTE format('ALTER TABLE %s DISABLE %s %I', firing.relation, firing.kind, firing.name);
        silenced := silenced || format('ALTER TABLE %s ENABLE %s %s %I', firing.relation,
            CASE firing.state WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END,
            firing.kind, firing.name);
    END LOOP;
    DELETE FROM ONLY public.rooms WHERE floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '101';
    DELETE FROM ONLY public.rooms WHERE floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '102';
    DELETE FROM ONLY public.rooms WHERE floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '103';
    DELETE FROM ONLY public.floors WHERE id = '20000000-0000-0000-0000-000000000001';
    DELETE FROM ONLY public.buildings WHERE id = '10000000-0000-0000-0000-000000000001';
    IF silenced <> '{}' THEN  -- no table is altered whose rows are still to be checked
        SET CONSTRAINTS ALL IMMEDIATE;
    END IF;
    FOR number IN 1 .. cardinality(silenced) LOOP
        EXECUTE silenced[number];
    END LOOP;
END
$rows$;
