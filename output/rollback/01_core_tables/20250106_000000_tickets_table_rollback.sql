-- Takes back migrations/01_core_tables/20250106_000000_tickets_table.sql.
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
            ('public.ticket_comments', 'author_id, body', 2::bigint, '21167915cd7e31a70155f9f35d2fb790'),
            ('public.tickets', 'title, description, status, priority, room_id, reporter_id, created_at, form_no', 4::bigint, '51d169295c5546c8878f7c5f52d7b9c0')
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

DROP TABLE IF EXISTS public.ticket_comments;
DROP TABLE IF EXISTS public.tickets;
DROP TYPE IF EXISTS public.ticket_status;
SELECT pg_catalog.setval('public.form_number_seq', 1001, false) FROM public.form_number_seq WHERE (last_value, is_called) = (1004, true);
