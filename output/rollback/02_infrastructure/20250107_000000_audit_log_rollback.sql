-- Takes back migrations/02_infrastructure/20250107_000000_audit_log.sql.
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
            ('public.audit_log', '', 0::bigint, ''),
            ('public.audit_log_2024', 'id, table_name, action, old_row, new_row, changed_by, changed_at', 1::bigint, 'de255a8e6c1dcc77ed889ea3b595e4c8'),
            ('public.audit_log_2025_h1', '', 0::bigint, ''),
            ('public.audit_log_default', 'id, table_name, action, old_row, new_row, changed_by', 3::bigint, '14fa2e1a029483def8f5ed4d195eb9b2')
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

DROP TABLE IF EXISTS public.audit_log_2025_h1;
DROP TRIGGER IF EXISTS trg_departments_audit ON public.departments;
DROP TRIGGER IF EXISTS trg_court_terms_audit ON public.court_terms;
DROP FUNCTION IF EXISTS public.audit_row();
DROP TABLE IF EXISTS public.audit_log_default;
DROP TABLE IF EXISTS public.audit_log_2024;
DROP TABLE IF EXISTS public.audit_log;
