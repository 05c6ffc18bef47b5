-- One row for each problem, and one with the status OK for each check that finds none. All checks
-- but the last ask the catalogs alone; the last one reads the columns that sequences fill.
CREATE FUNCTION public.verify_schema_integrity(schemas text[] DEFAULT '{public}')
RETURNS TABLE (check_name text, status text, object text, details text)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
SET row_security = off -- a table that a policy shows only in part is an error, not a short table
AS $function$
#variable_conflict use_column
DECLARE
    missing text;
    tables oid[];
    filled record;
    next_value numeric;
    furthest numeric;
    looked_at bigint := 0;
    found_wrong boolean := false;
BEGIN
    SELECT string_agg(quote_nullable(s.name), ', ' ORDER BY s.name) INTO missing
    FROM unnest(schemas) AS s (name)
    WHERE NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = s.name);
    IF missing IS NOT NULL OR coalesce(cardinality(schemas), 0) = 0 THEN
        RAISE EXCEPTION 'there is no such schema: %', coalesce(missing, 'none is named')
            USING ERRCODE = 'invalid_schema_name';
    END IF;

    -- The tables and their partitions, less those that an extension brought.
    tables := ARRAY(
        SELECT c.oid
        FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (schemas)
            AND c.relkind IN ('r', 'p')
            AND NOT EXISTS (
                SELECT FROM pg_depend AS d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'));

    RETURN QUERY
    WITH foreign_keys AS (
        -- Deleting a row, or changing its key, searches every table that may point at it. An index
        -- helps where its first columns are the key's, in any order, and where it has all rows, or
        -- all but those that point nowhere. What partitions inherit is judged where it is made.
        SELECT o.identity AS object, 'WARNING' AS level,
            NOT EXISTS (
                SELECT FROM pg_index AS i
                JOIN pg_class AS c ON c.oid = i.indexrelid
                JOIN pg_am AS am ON am.oid = c.relam
                WHERE i.indrelid = k.conrelid
                    AND i.indisvalid AND i.indisready
                    AND am.amname IN ('btree', 'hash')
                    AND i.indnkeyatts >= cardinality(k.conkey)
                    AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
                    AND (i.indpred IS NULL
                        OR pg_get_expr(i.indpred, i.indrelid) IN (
                            SELECT format('(%I IS NOT NULL)', a.attname)
                            FROM pg_attribute AS a
                            WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)))
            ) AS wrong,
            format('no index begins with its columns: CREATE INDEX ON %s (%s)',
                k.conrelid::regclass,
                (
                    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY key.number)
                    FROM unnest(k.conkey) WITH ORDINALITY AS key (attnum, number)
                    JOIN pg_attribute AS a
                        ON a.attrelid = k.conrelid AND a.attnum = key.attnum
                )) AS details
        FROM pg_constraint AS k
        CROSS JOIN LATERAL pg_identify_object('pg_constraint'::regclass, k.oid, 0) AS o
        WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid = ANY (tables)
    ), row_level_security AS (
        -- While it is off, policies do nothing, and a right on the table is one on all its rows.
        SELECT c.oid::regclass::text,
            CASE WHEN p.policies > 0 OR open_to.roles IS NOT NULL
                THEN 'ERROR' ELSE 'WARNING' END,
            NOT c.relrowsecurity,
            concat_ws(', ',
                'row level security is off',
                'open to ' || open_to.roles,
                CASE WHEN p.policies > 0 THEN format('policies without effect (%s)', p.policies) END)
                || format(': ALTER TABLE %s ENABLE ROW LEVEL SECURITY', c.oid::regclass)
        FROM pg_class AS c
        CROSS JOIN LATERAL (
            SELECT count(*) FROM pg_policy AS p WHERE p.polrelid = c.oid
        ) AS p (policies)
        CROSS JOIN LATERAL (
            SELECT string_agg(r.rolname, ' and ' ORDER BY r.rolname)
            FROM pg_roles AS r
            WHERE r.rolname IN ('anon', 'authenticated') -- who asks through Supabase's API
                AND has_schema_privilege(r.oid, c.relnamespace, 'USAGE')
                AND (has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE')
                    OR has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE'))
        ) AS open_to (roles)
        WHERE c.oid = ANY (tables)
    ), policies AS (
        -- Row level security without a policy lets in the owner and roles that bypass it, and
        -- nobody else. A partition needs none: asked through its table, the table's are in force.
        SELECT c.oid::regclass::text, 'WARNING',
            NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid),
            'row level security is on and no policy lets anybody in'
        FROM pg_class AS c
        WHERE c.oid = ANY (tables) AND c.relrowsecurity AND NOT c.relispartition
    ), indexes AS (
        -- What a failed CREATE INDEX CONCURRENTLY leaves behind costs time with each row that is
        -- written and serves no query; if it is unique, older rows may be there twice.
        SELECT i.indexrelid::regclass::text, 'ERROR',
            NOT (i.indisvalid AND i.indisready AND i.indislive),
            CASE WHEN c.relkind = 'I'
                THEN 'invalid, not every partition has its part of it'
                ELSE format('invalid, its build failed or is still running: REINDEX INDEX %s',
                    i.indexrelid::regclass)
            END
        FROM pg_index AS i
        JOIN pg_class AS c ON c.oid = i.indexrelid
        WHERE i.indrelid = ANY (tables)
    ), constraints AS (
        -- NOT VALID: rows that are written must obey, those of before were not asked. From
        -- PostgreSQL 18 on there is NOT ENFORCED as well: none must.
        SELECT o.identity, 'WARNING',
            NOT k.convalidated,
            CASE WHEN to_jsonb(k) ->> 'conenforced' = 'false'
                THEN 'not enforced, no row is checked'
                ELSE format('older rows were never checked: ALTER %s VALIDATE CONSTRAINT %I',
                    CASE WHEN k.contypid = 0
                        THEN format('TABLE %s', k.conrelid::regclass)
                        ELSE format('DOMAIN %s', k.contypid::regtype)
                    END, k.conname)
            END
        FROM pg_constraint AS k
        CROSS JOIN LATERAL pg_identify_object('pg_constraint'::regclass, k.oid, 0) AS o
        WHERE k.conrelid = ANY (tables)
            OR k.contypid IN (
                SELECT t.oid
                FROM pg_type AS t
                JOIN pg_namespace AS n ON n.oid = t.typnamespace
                WHERE n.nspname = ANY (schemas))
    ), triggers AS (
        SELECT o.identity,
            CASE WHEN t.tgenabled = 'D' THEN 'ERROR' ELSE 'WARNING' END,
            t.tgenabled IN ('D', 'R'),
            CASE WHEN t.tgenabled = 'D'
                THEN format('disabled: ALTER TABLE %s ENABLE TRIGGER %I',
                    t.tgrelid::regclass, t.tgname)
                ELSE 'fires only while session_replication_role is replica'
            END
        FROM pg_trigger AS t
        CROSS JOIN LATERAL pg_identify_object('pg_trigger'::regclass, t.oid, 0) AS o
        WHERE t.tgrelid = ANY (tables) AND NOT t.tgisinternal
        UNION ALL
        -- Foreign keys and constraints that can be deferred are kept by hidden triggers, a foreign
        -- key by those of both its tables. DISABLE TRIGGER ALL ends that.
        SELECT o.identity, 'ERROR',
            bool_or(t.tgenabled IN ('D', 'R')),
            format('not enforced, its triggers are disabled: ALTER TABLE %s ENABLE TRIGGER ALL',
                t.tgrelid::regclass)
        FROM pg_trigger AS t
        JOIN pg_constraint AS k ON k.oid = t.tgconstraint
        CROSS JOIN LATERAL pg_identify_object('pg_constraint'::regclass, k.oid, 0) AS o
        WHERE (t.tgrelid = ANY (tables) OR k.conrelid = ANY (tables)) AND t.tgisinternal
        GROUP BY o.identity, t.tgrelid
        UNION ALL
        SELECT 'session_replication_role', 'WARNING',
            current_setting('session_replication_role') = 'replica',
            'replica in this session, neither triggers nor foreign keys are heeded'
    ), primary_keys AS (
        -- Without one no row has a name: it can not be pointed at, nor replicated when it changes.
        SELECT c.oid::regclass::text, 'WARNING',
            NOT EXISTS (
                SELECT FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'p'),
            'it has no primary key'
        FROM pg_class AS c
        WHERE c.oid = ANY (tables) AND NOT c.relispartition
    ), seen (number, object, level, wrong, details) AS (
        SELECT 1, * FROM foreign_keys
        UNION ALL SELECT 2, * FROM row_level_security
        UNION ALL SELECT 3, * FROM policies
        UNION ALL SELECT 4, * FROM indexes
        UNION ALL SELECT 5, * FROM constraints
        UNION ALL SELECT 6, * FROM triggers
        UNION ALL SELECT 7, * FROM primary_keys
    ), checks (number, name, looked_at) AS (
        SELECT c.number, c.name, (SELECT count(*) FROM seen AS s WHERE s.number = c.number)
        FROM (VALUES
            (1, 'foreign key indexes'),
            (2, 'row level security'),
            (3, 'policies'),
            (4, 'indexes'),
            (5, 'constraints'),
            (6, 'triggers'),
            (7, 'primary keys')
        ) AS c (number, name)
    )
    SELECT c.name, coalesce(s.level, 'OK'), s.object,
        coalesce(s.details, format('looked at: %s', c.looked_at))
    FROM checks AS c
    LEFT JOIN seen AS s ON s.number = c.number AND s.wrong
    ORDER BY c.number, s.object COLLATE "C", s.details COLLATE "C";

    -- Where a sequence is behind the column that it fills, rows were written with numbers of their
    -- own, by COPY or an import, and the next ones will collide with them. What the catalogs tie to
    -- a column of numbers is looked at: by identity, by OWNED BY, or by a default that is nextval()
    -- and no more. Sequences that CYCLE come back to old values on purpose.
    check_name := 'sequences';
    FOR filled IN
        WITH used AS (
            SELECT DISTINCT u.sequence, u.relation, u.attnum
            FROM (
                SELECT d.objid, d.refobjid, d.refobjsubid
                FROM pg_depend AS d
                WHERE d.classid = 'pg_class'::regclass
                    AND d.refclassid = 'pg_class'::regclass
                    AND d.deptype IN ('a', 'i')
                UNION ALL
                SELECT d.refobjid, f.adrelid, f.adnum
                FROM pg_depend AS d
                JOIN pg_attrdef AS f ON f.oid = d.objid
                WHERE d.classid = 'pg_attrdef'::regclass
                    AND d.refclassid = 'pg_class'::regclass
                    AND pg_get_expr(f.adbin, f.adrelid)
                        = format('nextval(%L::regclass)', d.refobjid::regclass)
            ) AS u (sequence, relation, attnum)
            WHERE u.relation = ANY (tables)
        )
        SELECT s.seqrelid::regclass AS sequence, s.seqincrement, s.seqmin, s.seqmax,
            u.relation::regclass AS relation, a.attname,
            format(CASE WHEN s.seqincrement > 0
                THEN 'floor(max(%I)::numeric)'
                ELSE 'ceil(min(%I)::numeric)'
            END, a.attname) AS furthest
        FROM used AS u
        JOIN pg_sequence AS s ON s.seqrelid = u.sequence
        JOIN pg_attribute AS a ON a.attrelid = u.relation AND a.attnum = u.attnum
        JOIN pg_type AS t ON t.oid = a.atttypid
        WHERE NOT s.seqcycle
            -- a domain prints its values as the type below it does
            AND t.typoutput::regproc::text IN ('int2out', 'int4out', 'int8out', 'numeric_out')
            AND NOT EXISTS ( -- a partition's rows are those of its table
                SELECT FROM pg_partition_ancestors(u.relation) AS p
                JOIN used AS v ON v.relation = p.relid AND v.sequence = u.sequence
                WHERE p.relid <> u.relation)
        ORDER BY s.seqrelid::regclass::text COLLATE "C", u.relation::regclass::text COLLATE "C",
            a.attname COLLATE "C"
    LOOP
        looked_at := looked_at + 1;
        object := filled.sequence;
        BEGIN
            EXECUTE format(
                'SELECT (SELECT %s FROM %s),'
                ' last_value::numeric + CASE WHEN is_called THEN %s ELSE 0 END FROM %s',
                filled.furthest, filled.relation, filled.seqincrement, filled.sequence)
                INTO furthest, next_value;
            status := 'ERROR';
            details := CASE
                WHEN sign(filled.seqincrement::numeric) * (next_value - furthest) <= 0 THEN
                    format('its next value is %s, but %s.%I is at %s: SELECT setval(%L, %s)',
                        next_value, filled.relation, filled.attname, furthest,
                        filled.sequence, furthest)
                WHEN next_value NOT BETWEEN filled.seqmin AND filled.seqmax THEN
                    format('used up, its next value would be %s', next_value)
            END;
        EXCEPTION WHEN insufficient_privilege THEN
            status := 'SKIPPED';
            details := sqlerrm;
        END;
        IF details IS NOT NULL THEN
            found_wrong := true;
            RETURN NEXT;
        END IF;
    END LOOP;
    IF NOT found_wrong THEN
        status := 'OK';
        object := NULL;
        details := format('looked at: %s', looked_at);
        RETURN NEXT;
    END IF;
END
$function$;

COMMENT ON FUNCTION public.verify_schema_integrity(text[]) IS
$comment$Examines the tables of the named schemas, by default of public, and changes nothing.
check_name: foreign key indexes, row level security, policies, indexes, constraints, triggers,
primary keys, sequences. status: OK (nothing found); WARNING (to be looked at, and may be meant so);
ERROR (a rule is not kept, or something is about to fail); SKIPPED (the caller may not read what the
check needs). details: what is wrong and, behind the colon, the statement that mends it.$comment$;

-- It tells about the schema, so it is not for the roles of the API.
REVOKE ALL ON FUNCTION public.verify_schema_integrity(text[]) FROM PUBLIC;
DO $rights$
DECLARE
    api_role name;
BEGIN
    FOR api_role IN
        SELECT rolname FROM pg_catalog.pg_roles WHERE rolname IN ('anon', 'authenticated')
    LOOP
        EXECUTE pg_catalog.format(
            'REVOKE ALL ON FUNCTION public.verify_schema_integrity(text[]) FROM %I', api_role);
    END LOOP;
END
$rights$;
