-- Takes back migrations/01_core_tables/20250105_000000_keys_tables.sql.
-- Run it only when every later file is taken back.

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
            ('public.key_assignments', 'holder_name, profile_id, due_back, returned_at', 2::bigint, 'bb5a2ebbaa8274220cc44b051da738f6'),
            ('public.key_audit_logs', 'id, table_name, action', 2::bigint, '91cf5212159b24e716f2860f25424d80'),
            ('public.key_orders', 'form_no, quantity, unit_price, status, supplier', 1::bigint, 'c78d77660ff53171abe2130adebaca66'),
            ('public.key_requests', 'requested_by, room_number, reason, status, decided_at', 2::bigint, 'e66b7a9fbe7acd23482e772f95f85e9b'),
            ('public.keys', 'key_number, key_type, access_level, status, opens, room_id, copies', 4::bigint, '859514a53cf85c625d179ae7e1c8cf5c')
        )
        SELECT * FROM known
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
