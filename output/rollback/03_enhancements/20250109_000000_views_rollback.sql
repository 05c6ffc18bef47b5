-- Takes back migrations/03_enhancements/20250109_000000_views.sql.
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
        SELECT 'public.room_equipment, changed since', count(*) FROM ONLY public.room_equipment
        WHERE (room_number = '102' AND item = 'microphone' AND (quantity IS DISTINCT FROM 2))
            OR (room_number = '102' AND item = 'projector' AND (quantity IS DISTINCT FROM 1))
    ) AS risks (what, rows)
    WHERE rows > 0;
    IF at_risk IS NOT NULL THEN
        RAISE EXCEPTION 'this rollback would lose rows: %', at_risk
            USING HINT = 'Back them up, then SET consolidate.allow_data_loss = ''on''.';
    END IF;
END
$guard$;

DROP VIEW IF EXISTS public.room_directory;
DROP VIEW IF EXISTS public.active_rooms;
DELETE FROM public.room_equipment WHERE room_number = '102' AND item = 'microphone';
DELETE FROM public.room_equipment WHERE room_number = '102' AND item = 'projector';
DROP MATERIALIZED VIEW IF EXISTS public.equipment_stats;
DROP VIEW IF EXISTS public.staff_directory;
