-- One row for each migration of this history, and one for each that the database has recorded
-- besides. The Supabase CLI inserts a migration's row in the transaction that applies it, but keeps
-- no time in it: only the server may know when that transaction was committed.
CREATE FUNCTION public.check_migration_status()
RETURNS TABLE (
    version text,
    migration_name text,
    status text,
    applied_at timestamptz,
    details text
)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
SET row_security = off -- rows that a policy hides are an error here, and not “pending”
AS $function$
#variable_conflict use_column
DECLARE
    place CONSTANT text := 'supabase_migrations.schema_migrations';
    recorded_here CONSTANT boolean := EXISTS (
        SELECT FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = 'supabase_migrations'
            AND c.relname = 'schema_migrations'
            AND c.relkind = 'r');
    versions text[];
    names text[];
    times timestamptz[];
BEGIN
    IF recorded_here THEN
        IF NOT has_schema_privilege('supabase_migrations', 'USAGE')
            OR NOT has_table_privilege(place, 'SELECT')
        THEN
            RAISE EXCEPTION 'role % can not read %', quote_ident(current_user), place
                USING ERRCODE = 'insufficient_privilege',
                    HINT = format('GRANT USAGE ON SCHEMA supabase_migrations TO %1$I; '
                        'GRANT SELECT ON %2$s TO %1$I;', current_user, place);
        END IF;
        SELECT
            array_agg(r.version),
            array_agg(to_jsonb(r) ->> 'name'), -- early versions of the CLI made no such column
            array_agg(CASE
                WHEN current_setting('track_commit_timestamp') = 'on'
                    THEN pg_xact_commit_timestamp(r.xmin)
            END)
        INTO versions, names, times
        FROM supabase_migrations.schema_migrations AS r;
    END IF;

    RETURN QUERY
    WITH expected (version, name) AS (
        VALUES
{expected}
    ), recorded (version, name, at) AS (
        SELECT * FROM unnest(versions, names, times)
    )
    SELECT
        coalesce(e.version, r.version),
        coalesce(e.name, r.name),
        CASE
            WHEN NOT recorded_here THEN 'not recorded'
            WHEN r.version IS NULL THEN 'pending'
            WHEN e.version IS NULL THEN 'unlisted'
            WHEN r.name <> e.name THEN 'other name'
            ELSE 'applied'
        END,
        r.at,
        CASE
            WHEN NOT recorded_here THEN format('there is no table %s', place)
            WHEN r.version IS NULL THEN format('no row in %s', place)
            WHEN e.version IS NULL
                THEN 'not in this list: a later migration, or one of another history'
            WHEN r.name <> e.name THEN format('recorded as “%s”', r.name)
        END
    FROM expected AS e
    FULL JOIN recorded AS r ON replace(r.version, '_', '') = replace(e.version, '_', '')
    ORDER BY replace(coalesce(e.version, r.version), '_', '') COLLATE "C";
END
$function$;

COMMENT ON FUNCTION public.check_migration_status() IS
$comment$Compares the migrations of this history with supabase_migrations.schema_migrations.
status: applied; pending (the table has no row of that version); other name (it has, but of another
migration); unlisted (it has a row that is not of this list); not recorded (there is no such table,
so nothing can be said: files applied with psql leave no row). Versions are compared without
underscores.
applied_at: when the transaction that wrote the row was committed, which is the one that applied the
migration, unless the row was written by “supabase migration repair” or came from a backup. NULL
where the server does not know: track_commit_timestamp is off, or was off then, or it was too long
ago. A version says when a migration was written, not when it was applied.$comment$;

-- It tells about the schema, so it is not for the roles of the API.
REVOKE ALL ON FUNCTION public.check_migration_status() FROM PUBLIC;
DO $rights$
DECLARE
    api_role name;
BEGIN
    FOR api_role IN
        SELECT rolname FROM pg_catalog.pg_roles WHERE rolname IN ('anon', 'authenticated')
    LOOP
        EXECUTE pg_catalog.format(
            'REVOKE ALL ON FUNCTION public.check_migration_status() FROM %I', api_role);
    END LOOP;
END
$rights$;
