-- Replaces the 2 rows of the legacy history in supabase_migrations.schema_migrations
-- by the 2 rows of the consolidated one, in one transaction, or changes nothing.
-- The legacy rows are kept in supabase_migrations.schema_migrations_before_consolidation.
BEGIN;
SET LOCAL lock_timeout = '4s';
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL row_security = off;  -- rows that a policy hides would be an error, not be missed

LOCK TABLE supabase_migrations.schema_migrations IN ACCESS EXCLUSIVE MODE;

DO $check$
DECLARE
    expected CONSTANT text[] := ARRAY[
        '20240101', '20240102'];
    consolidated CONSTANT text[] := ARRAY[
        '20250101000000', '20250101000001'];
    present CONSTANT text[] := ARRAY(
        SELECT version FROM supabase_migrations.schema_migrations ORDER BY version COLLATE "C");
BEGIN
    IF present IS DISTINCT FROM expected AND present @> consolidated THEN
        RAISE EXCEPTION 'cutover: this database is cut over already; nothing is changed';
    END IF;
    IF present IS DISTINCT FROM expected THEN
        RAISE EXCEPTION 'cutover: the table does not hold the legacy history; nothing is changed. Missing: %. Unexpected: %.',
            coalesce(nullif(array_to_string(ARRAY(
                SELECT v FROM unnest(expected) AS v WHERE v <> ALL (present)), ', '), ''), 'none'),
            coalesce(nullif(array_to_string(ARRAY(
                SELECT v FROM unnest(present) AS v WHERE v <> ALL (expected)), ', '), ''), 'none');
    END IF;
    IF to_regclass('supabase_migrations.schema_migrations_before_consolidation') IS NOT NULL THEN
        RAISE EXCEPTION 'cutover: supabase_migrations.schema_migrations_before_consolidation is there from an earlier cutover; nothing is changed'
            USING HINT = 'Drop it if nobody will undo that one.';
    END IF;
END
$check$;

CREATE TABLE supabase_migrations.schema_migrations_before_consolidation AS
    TABLE supabase_migrations.schema_migrations;

DELETE FROM supabase_migrations.schema_migrations;

INSERT INTO supabase_migrations.schema_migrations (version, name, statements) VALUES
    ('20250101000000', 'rooms', ARRAY[
$statement$-- Rooms

CREATE TABLE rooms (id int PRIMARY KEY)$statement$
    ]),
    ('20250101000001', 'keys', ARRAY[
$statement$CREATE TABLE keys (room int)$statement$,
$statement$COMMENT ON TABLE keys IS 'a; b'$statement$,
$statement$-- the end$statement$
    ]);

DO $check$
DECLARE
    wrong text;
BEGIN
    SELECT string_agg(coalesce(version, wanted), ', ' ORDER BY coalesce(version, wanted))
    INTO wrong
    FROM supabase_migrations.schema_migrations
    FULL JOIN (VALUES
            ('20250101000000', 'rooms',
             'eb9a449c1df15a0b8b1a74db2a6f714d1b4bcbb9c3953de03a4157f145849726'),
            ('20250101000001', 'keys',
             '645107d03869446247c84897677e96b7595903422d27665951da55aeacc06d8b')
        ) AS expected (wanted, wanted_name, digest)
        ON wanted = version AND wanted_name = name
        AND digest = encode(sha256(convert_to(array_to_string(statements, chr(31)), 'UTF8')), 'hex')
    WHERE version IS NULL OR wanted IS NULL;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'cutover: these rows are not as sent: %; nothing is changed', wrong;
    END IF;
    IF ARRAY(
        SELECT version FROM supabase_migrations.schema_migrations_before_consolidation ORDER BY version COLLATE "C")
        IS DISTINCT FROM ARRAY[
        '20240101', '20240102'] THEN
        RAISE EXCEPTION 'cutover: the legacy rows were not kept; nothing is changed';
    END IF;
END
$check$;

COMMIT;
