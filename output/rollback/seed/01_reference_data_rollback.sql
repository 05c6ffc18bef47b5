-- Takes back seed/01_reference_data.sql.
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
        SELECT 'public.building_types, changed since', count(*) FROM ONLY public.building_types
        WHERE (id = 1 AND (name IS DISTINCT FROM 'Courthouse' OR description IS DISTINCT FROM 'Main courthouse building'))
            OR (id = 2 AND (name IS DISTINCT FROM 'Annex' OR description IS DISTINCT FROM 'Courthouse annex building'))
            OR (id = 3 AND (name IS DISTINCT FROM 'Administrative' OR description IS DISTINCT FROM 'Administrative offices'))
        UNION ALL
        SELECT 'public.room_types, changed since', count(*) FROM ONLY public.room_types
        WHERE (id = 1 AND (name IS DISTINCT FROM 'Courtroom' OR description IS DISTINCT FROM 'Court proceedings room' OR default_capacity IS DISTINCT FROM 100))
            OR (id = 2 AND (name IS DISTINCT FROM 'Office' OR description IS DISTINCT FROM 'Individual office' OR default_capacity IS DISTINCT FROM 4))
            OR (id = 3 AND (name IS DISTINCT FROM 'Conference' OR description IS DISTINCT FROM 'Conference room' OR default_capacity IS DISTINCT FROM 20))
        UNION ALL
        SELECT 'public.buildings, pointing at public.building_types', count(*) - 0 FROM ONLY public.buildings AS child
        JOIN (SELECT * FROM ONLY public.building_types
            WHERE (id = 1) OR (id = 2) OR (id = 3)) AS parent ON child.building_type_id = parent.id
    ) AS risks (what, rows)
    WHERE rows > 0;
    IF at_risk IS NOT NULL THEN
        RAISE EXCEPTION 'this rollback would lose rows: %', at_risk
            USING HINT = 'Back them up, then SET consolidate.allow_data_loss = ''on''.';
    END IF;
END
$guard$;

DELETE FROM public.room_types WHERE id = 1;
DELETE FROM public.room_types WHERE id = 2;
DELETE FROM public.room_types WHERE id = 3;
DELETE FROM public.building_types WHERE id = 1;
DELETE FROM public.building_types WHERE id = 2;
DELETE FROM public.building_types WHERE id = 3;
SELECT pg_catalog.setval('public.building_types_id_seq', 1, false) FROM public.building_types_id_seq WHERE (last_value, is_called) = (3, true);
SELECT pg_catalog.setval('public.room_types_id_seq', 1, false) FROM public.room_types_id_seq WHERE (last_value, is_called) = (3, true);
