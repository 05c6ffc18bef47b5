-- Takes back: {{ path }}
-- Loses: the rows of TABLE (or: nothing)
--
-- Apply with: psql -X -1 -v ON_ERROR_STOP=1 -f THIS_FILE
-- psql opens the transaction; BEGIN and COMMIT do not belong here.

-- 1. Refuse to lose rows. Repeat the block for every table that is dropped below.
/*
DO $$
BEGIN
    IF current_setting('consolidate.allow_data_loss', true) IS DISTINCT FROM 'on'
       AND EXISTS (SELECT FROM public.table_name) THEN
        RAISE EXCEPTION 'public.table_name still has rows'
            USING HINT = 'SET consolidate.allow_data_loss = ''on'' drops them.';
    END IF;
END
$$;
*/

-- 2. Undo the migration's statements from the last to the first, without CASCADE.
/*
DROP TRIGGER IF EXISTS trigger_name ON public.table_name;
DROP TABLE IF EXISTS public.table_name;
DROP TYPE IF EXISTS public.type_name;
*/

-- 3. Check that it is gone.
/*
DO $$
BEGIN
    IF to_regclass('public.table_name') IS NOT NULL THEN
        RAISE EXCEPTION 'public.table_name is still there';
    END IF;
END
$$;
*/
