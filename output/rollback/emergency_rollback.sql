-- Takes back the whole history, from its last file to its first.

-- Refuses to drop rows that this history did not put there itself.
DO $guard$
DECLARE
    expected record;
    found bigint;
    digest text;
    at_risk text;
BEGIN
    IF coalesce(current_setting('consolidate.allow_data_loss', true), '') = 'on' THEN
        RETURN;
    END IF;
    PERFORM set_config('row_security', 'off', true), set_config('TimeZone', 'UTC', true),
        set_config('DateStyle', 'ISO, MDY', true), set_config('IntervalStyle', 'postgres', true),
        set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true);
    FOR expected IN
        WITH known (relation, columns, rows, digest) AS (VALUES
            ('archive.court_schedules_old', 'id, room_number, session_day, begins, ends, judge', 2::bigint, '23f984383e47e2134c05f92e28dfff29'),
            ('public.audit_log', '', 0::bigint, ''),
            ('public.audit_log_2024', 'id, table_name, action, old_row, new_row, changed_by, changed_at', 1::bigint, 'de255a8e6c1dcc77ed889ea3b595e4c8'),
            ('public.audit_log_2025_h1', '', 0::bigint, ''),
            ('public.audit_log_default', 'id, table_name, action, old_row, new_row, changed_by', 3::bigint, '14fa2e1a029483def8f5ed4d195eb9b2'),
            ('public.building_types', 'id, name, description', 3::bigint, 'd0c303704182cbe38a2cab806a83c408'),
            ('public.buildings', 'id, name, address, building_type_id', 1::bigint, '578f30f32e599747d187dc99251017f8'),
            ('public.capacities', 'id, room_type, room_id, max_people, seats, note', 4::bigint, 'ef0584a6898811b5ec8c42a94c0a2a92'),
            ('public.court_schedules', 'id, term_code, room_id, session_day, slot, status, adjourned_to', 2::bigint, '765b2c7384a19d3204e587491045ebad'),
            ('public.court_terms', 'id, term_code, name, starts_on, ends_on, is_current', 2::bigint, '5e7fff046e41c830db8ce8f33028f7b3'),
            ('public.departments', 'id, name, phone, head_id', 3::bigint, 'cb1c565d6055113add847e82f6b2c37b'),
            ('public.floors', 'id, building_id, floor_number, name, plan_url', 1::bigint, '4e3b9711968c35ecc8c68e1df723cc6a'),
            ('public.key_assignments', 'holder_name, profile_id, due_back, returned_at', 2::bigint, 'bb5a2ebbaa8274220cc44b051da738f6'),
            ('public.key_audit_logs', 'id, table_name, action', 2::bigint, '91cf5212159b24e716f2860f25424d80'),
            ('public.key_orders', 'form_no, quantity, unit_price, status, supplier', 1::bigint, 'c78d77660ff53171abe2130adebaca66'),
            ('public.key_requests', 'requested_by, room_number, reason, status, decided_at', 2::bigint, 'e66b7a9fbe7acd23482e772f95f85e9b'),
            ('public.keys', 'key_number, key_type, access_level, status, opens, room_id, copies', 4::bigint, '859514a53cf85c625d179ae7e1c8cf5c'),
            ('public.maintenance_notices', 'recipient_id, title, body, read_at', 1::bigint, '6b54b45aebdcea3baa181d60534d7ed3'),
            ('public.notifications', '', 0::bigint, ''),
            ('public.profiles', 'id, email, first_name, last_name, role, department_id', 2::bigint, '78f19e93ddd79991631fe8e85ae251ad'),
            ('public.room_equipment', 'room_number, item, quantity', 5::bigint, 'a713a4636b92f4e1c32fcade90ea3007'),
            ('public.room_types', 'id, name, description, default_capacity', 3::bigint, '400bf67eca7481c4bae9dd18f1b8a826'),
            ('public.rooms', 'building_id, floor_id, room_number, capacity, room_type', 3::bigint, '1fe9e4a1b06a1a0db8d58611fde7b150'),
            ('public.term_assignments', 'id, term_code, judge, part', 2::bigint, 'dc647fa4b6697e3963d8d3d144f505ce'),
            ('public.ticket_comments', 'author_id, body', 2::bigint, '21167915cd7e31a70155f9f35d2fb790'),
            ('public.tickets', 'title, description, status, priority, room_id, reporter_id, created_at, form_no', 5::bigint, '04f84d17c51e00e20fccbff335669963'),
            ('public.user_roles', 'user_id, role', 2::bigint, 'cf8af47417348b4fa8a65c59fc72f084')
        )
        SELECT * FROM known
        UNION ALL  -- partitions that were added since go with their table
        SELECT format('%s.%I', added.relnamespace::regnamespace, added.relname), '', 0, ''
        FROM known, pg_catalog.pg_partition_tree(to_regclass(known.relation)) AS part
        JOIN pg_catalog.pg_class AS added ON added.oid = part.relid AND added.relkind = 'r'
        WHERE NOT EXISTS (SELECT FROM known WHERE to_regclass(known.relation) = added.oid)
    LOOP
        CONTINUE WHEN to_regclass(expected.relation) IS NULL;
        EXECUTE format(
            'SELECT count(*), md5(coalesce(string_agg(r, '''' ORDER BY r COLLATE "C"), '''')) '
            'FROM (SELECT md5(ROW(%s)::text) AS r FROM ONLY %s) AS listed',
            expected.columns, expected.relation) INTO found, digest;
        IF found > 0 AND (found, digest) IS DISTINCT FROM (expected.rows, expected.digest) THEN
            at_risk := concat_ws(', ', at_risk, format('%s (%s rows)', expected.relation, found));
        END IF;
    END LOOP;
    IF at_risk IS NOT NULL THEN
        RAISE EXCEPTION 'this rollback would drop rows: %', at_risk
            USING HINT = 'Back them up, then SET consolidate.allow_data_loss = ''on''.';
    END IF;
END
$guard$;

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
        SELECT 'storage.buckets, changed since', count(*) FROM ONLY storage.buckets
        WHERE (id = 'floor-plans' AND (name IS DISTINCT FROM 'floor-plans' OR owner IS NOT NULL OR public IS DISTINCT FROM false OR avif_autodetection IS DISTINCT FROM false OR file_size_limit IS DISTINCT FROM 10485760 OR allowed_mime_types IS DISTINCT FROM '{image/png,application/pdf}' OR owner_id IS NOT NULL OR type IS DISTINCT FROM 'STANDARD'))
            OR (id = 'avatars' AND (name IS DISTINCT FROM 'avatars' OR owner IS NOT NULL OR public IS DISTINCT FROM true OR avif_autodetection IS DISTINCT FROM false OR file_size_limit IS NOT NULL OR allowed_mime_types IS NOT NULL OR owner_id IS NOT NULL OR type IS DISTINCT FROM 'STANDARD'))
        UNION ALL
        SELECT 'storage.objects, pointing at storage.buckets', count(*) - 0 FROM ONLY storage.objects AS child
        JOIN (SELECT * FROM ONLY storage.buckets
            WHERE (id = 'floor-plans') OR (id = 'avatars')) AS parent ON child.bucket_id = parent.id
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
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON TABLES TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public REVOKE ALL ON TABLES FROM dashboard_user;
DROP FUNCTION IF EXISTS public.check_migration_status();
DROP FUNCTION IF EXISTS public.room_occupancy(pg_catalog.uuid,pg_catalog.date);
DROP VIEW IF EXISTS public.room_directory;
DROP VIEW IF EXISTS public.active_rooms;
DROP MATERIALIZED VIEW IF EXISTS public.equipment_stats;
DROP VIEW IF EXISTS public.staff_directory;
GRANT ALL ON TABLE storage.buckets TO anon;
REVOKE ALL ON SCHEMA public FROM dashboard_user;
GRANT USAGE ON SCHEMA graphql_public TO anon;
GRANT EXECUTE ON FUNCTION auth.email() TO PUBLIC;
DROP TRIGGER IF EXISTS on_auth_user_created ON auth.users;
DROP FUNCTION IF EXISTS public.handle_new_user();
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
        WHERE tgrelid = ANY (ARRAY['storage.buckets']::regclass[]) AND NOT tgisinternal
        UNION ALL
        SELECT ev_class::regclass, 'RULE', rulename, ev_enabled FROM pg_catalog.pg_rewrite
        WHERE ev_class = ANY (ARRAY['storage.buckets']::regclass[])
    LOOP
        CONTINUE WHEN firing.state = 'D';
        EXECUTE format('ALTER TABLE %s DISABLE %s %I', firing.relation, firing.kind, firing.name);
        silenced := silenced || format('ALTER TABLE %s ENABLE %s %s %I', firing.relation,
            CASE firing.state WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END,
            firing.kind, firing.name);
    END LOOP;
    DELETE FROM ONLY storage.buckets WHERE id = 'floor-plans';
    DELETE FROM ONLY storage.buckets WHERE id = 'avatars';
    IF silenced <> '{}' THEN  -- no table is altered whose rows are still to be checked
        SET CONSTRAINTS ALL IMMEDIATE;
    END IF;
    FOR number IN 1 .. cardinality(silenced) LOOP
        EXECUTE silenced[number];
    END LOOP;
END
$rows$;
DROP POLICY IF EXISTS "Own avatar" ON storage.objects;
DROP POLICY IF EXISTS "Staff read floor plans" ON storage.objects;
DROP TABLE IF EXISTS public.audit_log_2025_h1;
DROP TRIGGER IF EXISTS trg_departments_audit ON public.departments;
DROP TRIGGER IF EXISTS trg_court_terms_audit ON public.court_terms;
DROP FUNCTION IF EXISTS public.audit_row();
DROP TABLE IF EXISTS public.audit_log_default;
DROP TABLE IF EXISTS public.audit_log_2024;
DROP TABLE IF EXISTS public.audit_log;
DROP TABLE IF EXISTS public.maintenance_notices;
DROP TABLE IF EXISTS public.notifications;
DROP TABLE IF EXISTS public.ticket_comments;
DROP TABLE IF EXISTS public.tickets;
DROP TYPE IF EXISTS public.ticket_status;
DROP TRIGGER IF EXISTS trg_key_assignments_audit ON public.key_assignments;
DROP TRIGGER IF EXISTS trg_keys_audit ON public.keys;
DROP FUNCTION IF EXISTS public.log_key_change();
DROP TABLE IF EXISTS public.key_audit_logs;
DROP TABLE IF EXISTS public.key_orders;
DROP TABLE IF EXISTS public.key_requests;
DROP TABLE IF EXISTS public.key_assignments;
DROP TABLE IF EXISTS public.keys;
DROP TYPE IF EXISTS public.access_level_enum;
DROP TYPE IF EXISTS public.key_type_enum;
DROP FUNCTION IF EXISTS public.assign_key(pg_catalog.text,pg_catalog.text,pg_catalog.date);
DROP FUNCTION IF EXISTS public.assign_key(pg_catalog.uuid,pg_catalog.text);
DROP FUNCTION IF EXISTS public.capacity_label(integer);
DROP TABLE IF EXISTS public.capacities;
DROP TABLE IF EXISTS public.court_schedules;
DROP TYPE IF EXISTS public.time_slot;
DROP TABLE IF EXISTS public.term_assignments;
DROP TABLE IF EXISTS public.court_terms;
DROP TABLE IF EXISTS archive.court_schedules_old;
DROP TABLE IF EXISTS public.room_equipment;
DROP TABLE IF EXISTS public.room_types;
DROP TABLE IF EXISTS public.rooms;
DROP TYPE IF EXISTS public.room_type_enum;
DROP TABLE IF EXISTS public.floors;
DROP TABLE IF EXISTS public.buildings;
DROP TABLE IF EXISTS public.building_types;
DROP FUNCTION IF EXISTS public.is_admin(pg_catalog.uuid);
DROP TABLE IF EXISTS public.user_roles;
ALTER TABLE public.departments DROP CONSTRAINT IF EXISTS departments_head_id_fkey;
DROP TABLE IF EXISTS public.profiles;
DROP TABLE IF EXISTS public.departments;
DROP SEQUENCE IF EXISTS public.form_number_seq;
DROP SCHEMA IF EXISTS archive;
DROP FUNCTION IF EXISTS public.set_updated_at();
DROP TYPE IF EXISTS public.user_role;
DROP TYPE IF EXISTS public.email_address;
