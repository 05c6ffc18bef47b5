-- Takes back seed/01_reference_data.sql.
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
        WHERE tgrelid = ANY (ARRAY['public.room_types', 'public.building_types']::regclass[]) AND NOT tgisinternal
        UNION ALL
        SELECT ev_class::regclass, 'RULE', rulename, ev_enabled FROM pg_catalog.pg_rewrite
        WHERE ev_class = ANY (ARRAY['public.room_types', 'public.building_types']::regclass[])
    LOOP
        CONTINUE WHEN firing.state = 'D';
        EXECUTE format('ALTER TABLE %s DISABLE %s %I', firing.relation, firing.kind, firing.name);
        silenced := silenced || format('ALTER TABLE %s ENABLE %s %s %I', firing.relation,
            CASE firing.state WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END,
            firing.kind, firing.name);
    END LOOP;
    DELETE FROM ONLY public.room_types WHERE id = 1;
    DELETE FROM ONLY public.room_types WHERE id = 2;
    DELETE FROM ONLY public.room_types WHERE id = 3;
    DELETE FROM ONLY public.building_types WHERE id = 1;
    DELETE FROM ONLY public.building_types WHERE id = 2;
    DELETE FROM ONLY public.building_types WHERE id = 3;
    IF silenced <> '{}' THEN  -- no table is altered whose rows are still to be checked
        SET CONSTRAINTS ALL IMMEDIATE;
    END IF;
    FOR number IN 1 .. cardinality(silenced) LOOP
        EXECUTE silenced[number];
    END LOOP;
END
$rows$;
SELECT pg_catalog.setval('public.building_types_id_seq', 1, false) FROM public.building_types_id_seq WHERE (last_value, is_called) = (3, true);
SELECT pg_catalog.setval('public.room_types_id_seq', 1, false) FROM public.room_types_id_seq WHERE (last_value, is_called) = (3, true);
