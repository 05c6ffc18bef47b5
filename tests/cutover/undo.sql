-- Puts the rows of the legacy history back into supabase_migrations.schema_migrations
-- from supabase_migrations.schema_migrations_before_consolidation, in one transaction,
-- or changes nothing.
BEGIN;
SET LOCAL lock_timeout = '4s';
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL row_security = off;  -- rows that a policy hides would be an error, not be missed

LOCK TABLE supabase_migrations.schema_migrations IN ACCESS EXCLUSIVE MODE;

DO $check$
DECLARE
    expected CONSTANT text[] := ARRAY[
        '20250101000000', '20250101000001'];
    present CONSTANT text[] := ARRAY(
        SELECT version FROM supabase_migrations.schema_migrations ORDER BY version COLLATE "C");
BEGIN
    IF present IS DISTINCT FROM expected THEN
        RAISE EXCEPTION 'undo: the table does not hold the consolidated history; nothing is changed. Missing: %. Unexpected: %.',
            coalesce(nullif(array_to_string(ARRAY(
                SELECT v FROM unnest(expected) AS v WHERE v <> ALL (present)), ', '), ''), 'none'),
            coalesce(nullif(array_to_string(ARRAY(
                SELECT v FROM unnest(present) AS v WHERE v <> ALL (expected)), ', '), ''), 'none');
    END IF;
    IF to_regclass('supabase_migrations.schema_migrations_before_consolidation') IS NULL THEN
        RAISE EXCEPTION 'undo: supabase_migrations.schema_migrations_before_consolidation is not there; nothing is changed';
    END IF;
END
$check$;

DELETE FROM supabase_migrations.schema_migrations;

INSERT INTO supabase_migrations.schema_migrations
    TABLE supabase_migrations.schema_migrations_before_consolidation;

DO $check$
DECLARE
    kept CONSTANT text[] := ARRAY(
        SELECT version FROM supabase_migrations.schema_migrations_before_consolidation ORDER BY version COLLATE "C");
    present CONSTANT text[] := ARRAY(
        SELECT version FROM supabase_migrations.schema_migrations ORDER BY version COLLATE "C");
BEGIN
    IF present IS DISTINCT FROM kept THEN
        RAISE EXCEPTION 'undo: the rows did not come back; nothing is changed';
    END IF;
END
$check$;

DROP TABLE supabase_migrations.schema_migrations_before_consolidation;

COMMIT;
