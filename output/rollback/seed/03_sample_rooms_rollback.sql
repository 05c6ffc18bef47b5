-- Takes back seed/03_sample_rooms.sql.
-- Run it only when every later file is taken back.

-- Refuses to delete rows that were changed since, and rows that others point at.
DO $guard$
DECLARE
    at_risk text;
BEGIN
    IF coalesce(current_setting('consolidate.allow_data_loss', true), '') = 'on' THEN
        RETURN;
    END IF;
    PERFORM set_config('row_security', 'off', true);
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

ALTER TABLE public.rooms DISABLE TRIGGER USER;
DELETE FROM public.rooms WHERE floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '101';
DELETE FROM public.rooms WHERE floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '102';
DELETE FROM public.rooms WHERE floor_id = '20000000-0000-0000-0000-000000000001' AND room_number = '103';
ALTER TABLE public.rooms ENABLE TRIGGER USER;
DELETE FROM public.floors WHERE id = '20000000-0000-0000-0000-000000000001';
DELETE FROM public.buildings WHERE id = '10000000-0000-0000-0000-000000000001';
