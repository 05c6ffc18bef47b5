-- Takes back seed/02_test_users.sql.
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
        SELECT 'public.profiles, changed since', count(*) FROM ONLY public.profiles
        WHERE (id = '00000000-0000-0000-0000-000000000001' AND (email IS DISTINCT FROM 'admin@test.com' OR first_name IS DISTINCT FROM 'Admin' OR last_name IS DISTINCT FROM 'User' OR role IS DISTINCT FROM 'administrator' OR full_name IS DISTINCT FROM 'Admin User' OR department_id IS NOT NULL))
            OR (id = '00000000-0000-0000-0000-000000000002' AND (email IS DISTINCT FROM 'user@test.com' OR first_name IS DISTINCT FROM 'Regular' OR last_name IS DISTINCT FROM 'User' OR role IS DISTINCT FROM 'staff' OR full_name IS DISTINCT FROM 'Regular User' OR department_id IS NOT NULL))
        UNION ALL
        SELECT 'public.departments, pointing at public.profiles', count(*) - 0 FROM ONLY public.departments AS child
        JOIN (SELECT * FROM ONLY public.profiles
            WHERE (id = '00000000-0000-0000-0000-000000000001') OR (id = '00000000-0000-0000-0000-000000000002')) AS parent ON child.head_id = parent.id
        UNION ALL
        SELECT 'public.key_assignments, pointing at public.profiles', count(*) - 0 FROM ONLY public.key_assignments AS child
        JOIN (SELECT * FROM ONLY public.profiles
            WHERE (id = '00000000-0000-0000-0000-000000000001') OR (id = '00000000-0000-0000-0000-000000000002')) AS parent ON child.profile_id = parent.id
        UNION ALL
        SELECT 'public.notifications, pointing at public.profiles', count(*) - 0 FROM ONLY public.notifications AS child
        JOIN (SELECT * FROM ONLY public.profiles
            WHERE (id = '00000000-0000-0000-0000-000000000001') OR (id = '00000000-0000-0000-0000-000000000002')) AS parent ON child.recipient_id = parent.id
        UNION ALL
        SELECT 'public.ticket_comments, pointing at public.profiles', count(*) - 0 FROM ONLY public.ticket_comments AS child
        JOIN (SELECT * FROM ONLY public.profiles
            WHERE (id = '00000000-0000-0000-0000-000000000001') OR (id = '00000000-0000-0000-0000-000000000002')) AS parent ON child.author_id = parent.id
        UNION ALL
        SELECT 'public.tickets, pointing at public.profiles', count(*) - 0 FROM ONLY public.tickets AS child
        JOIN (SELECT * FROM ONLY public.profiles
            WHERE (id = '00000000-0000-0000-0000-000000000001') OR (id = '00000000-0000-0000-0000-000000000002')) AS parent ON child.reporter_id = parent.id
        UNION ALL
        SELECT 'public.user_roles, pointing at public.profiles', count(*) - 2 FROM ONLY public.user_roles AS child
        JOIN (SELECT * FROM ONLY public.profiles
            WHERE (id = '00000000-0000-0000-0000-000000000001') OR (id = '00000000-0000-0000-0000-000000000002')) AS parent ON child.user_id = parent.id
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
        WHERE tgrelid = ANY (ARRAY['public.user_roles', 'public.profiles']::regclass[]) AND NOT tgisinternal
        UNION ALL
        SELECT ev_class::regclass, 'RULE', rulename, ev_enabled FROM pg_catalog.pg_rewrite
        WHERE ev_class = ANY (ARRAY['public.user_roles', 'public.profiles']::regclass[])
    LOOP
        CONTINUE WHEN firing.state = 'D';
        EXECUTE format('ALTER TABLE %s DISABLE %s %I', firing.relation, firing.kind, firing.name);
        silenced := silenced || format('ALTER TABLE %s ENABLE %s %s %I', firing.relation,
            CASE firing.state WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END,
            firing.kind, firing.name);
    END LOOP;
    DELETE FROM ONLY public.user_roles WHERE user_id = '00000000-0000-0000-0000-000000000001' AND role = 'administrator';
    DELETE FROM ONLY public.user_roles WHERE user_id = '00000000-0000-0000-0000-000000000002' AND role = 'staff';
    DELETE FROM ONLY public.profiles WHERE id = '00000000-0000-0000-0000-000000000001';
    DELETE FROM ONLY public.profiles WHERE id = '00000000-0000-0000-0000-000000000002';
    IF silenced <> '{}' THEN  -- no table is altered whose rows are still to be checked
        SET CONSTRAINTS ALL IMMEDIATE;
    END IF;
    FOR number IN 1 .. cardinality(silenced) LOOP
        EXECUTE silenced[number];
    END LOOP;
END
$rows$;
