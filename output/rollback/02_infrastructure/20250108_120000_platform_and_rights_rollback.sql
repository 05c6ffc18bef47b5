-- Takes back migrations/02_infrastructure/20250108_120000_platform_and_rights.sql.
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
GRANT ALL ON TABLE storage.buckets TO anon;
REVOKE ALL ON SCHEMA public FROM dashboard_user;
GRANT USAGE ON SCHEMA graphql_public TO anon;
GRANT EXECUTE ON FUNCTION auth.email() TO PUBLIC;
ALTER PUBLICATION supabase_realtime DROP TABLE ONLY public.notifications;
ALTER PUBLICATION supabase_realtime DROP TABLE ONLY public.maintenance_notices;
ALTER PUBLICATION supabase_realtime DROP TABLE ONLY public.tickets;
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
