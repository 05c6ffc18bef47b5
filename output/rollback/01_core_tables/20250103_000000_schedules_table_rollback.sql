-- Takes back migrations/01_core_tables/20250103_000000_schedules_table.sql.
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
            ('archive.court_schedules_old', 'id, room_number, session_day, begins, ends, judge', 2::bigint, '23f984383e47e2134c05f92e28dfff29'),
            ('public.court_schedules', 'id, term_code, room_id, session_day, slot, status, adjourned_to', 2::bigint, '765b2c7384a19d3204e587491045ebad'),
            ('public.court_terms', 'id, term_code, name, starts_on, ends_on, is_current', 2::bigint, '5e7fff046e41c830db8ce8f33028f7b3'),
            ('public.term_assignments', 'id, term_code, judge, part', 2::bigint, 'dc647fa4b6697e3963d8d3d144f505ce')
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

DROP TABLE IF EXISTS public.court_schedules;
DROP TYPE IF EXISTS public.time_slot;
DROP TABLE IF EXISTS public.term_assignments;
DROP TABLE IF EXISTS public.court_terms;
DROP TABLE IF EXISTS archive.court_schedules_old;
