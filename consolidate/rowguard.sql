-- Refuses to lose what this history did not put there itself; locks and counts before it names all.
DO $guard$
DECLARE
    path text := current_setting('search_path');
    known jsonb;
    one record;
    counted record;
    gone oid[];  -- the tables that are dropped
    staying oid[];  -- the partitions that are detached
    here oid[] := '{}';  -- the rows that this file deletes or changes back: their tables,
    there tid[] := '{}';  -- their places,
    moved text[] := '{}';  -- the numbers of their columns that change (NULL: they go),
    why text[] := '{}';  -- and what is told of them, where that is a loss
    unread_in text[] := '{}';  -- what the former type of a column can not read: the columns,
    unread tid[] := '{}';  -- and the places
    spot tid;
    before int;
    found bigint;
    names text[] := '{}';
    losses bigint[] := '{}';
    risks text;
BEGIN
    IF current_setting('transaction_read_only') = 'on' THEN
        RAISE EXCEPTION 'a rollback has to be one transaction'
            USING HINT = 'Run it with psql -1, or between BEGIN and COMMIT.';
    END IF;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a rollback has to see what is written until it has its locks'
            USING HINT = 'Run it with the isolation level READ COMMITTED.';
    END IF;
    PERFORM set_config('row_security', 'off', true), set_config('search_path', 'pg_catalog', true),
        set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, MDY', true),
        set_config('IntervalStyle', 'postgres', true), set_config('bytea_output', 'hex', true),
        set_config('extra_float_digits', '1', true), set_config('lc_monetary', 'C', true),
        set_config('xmlbinary', 'base64', true), set_config('quote_all_identifiers', 'off', true);
    -- A row is told by a digest of some columns, and compared by one of the rest; of what is
    -- another one on every replay, no more is known than whether it is NULL.
    SELECT jsonb_agg(k ORDER BY relation, apart) FILTER (WHERE c.oid IS NOT NULL),
        string_agg(DISTINCT relation, ', ') FILTER (WHERE c.oid IS NULL AND goes NOT IN ('dropped', 'detached'))
        INTO known, risks FROM (
{known}
    ) AS k (relation, goes, told, rest, apart, place, whole, rows)
    LEFT JOIN pg_class AS c ON c.oid = to_regclass(relation) AND relkind IN ('r', 'p');
    IF risks IS NOT NULL THEN
        RAISE EXCEPTION 'tables that this rollback needs were renamed, moved or dropped since: %', risks
            USING HINT = 'Put them where they were, or take back what changed them, and run it again.';
    END IF;
    staying := ARRAY(SELECT to_regclass(k->>'relation')::oid
        FROM jsonb_array_elements(known) AS k WHERE k->>'goes' = 'detached');
    known := (SELECT jsonb_agg(k) FROM jsonb_array_elements(known) AS k
        WHERE k->>'goes' <> 'detached');

    -- Locks: of what is dropped, of what rows go from, and of what hangs on either.
    FOR one IN
        WITH RECURSIVE reached (relation, drops) AS (
            SELECT to_regclass(k->>'relation')::oid, k->>'goes' IN ('dropped', 'cut')
            FROM jsonb_array_elements(known) AS k
            UNION
            SELECT hanging.* FROM reached, LATERAL (
                SELECT inhrelid, true FROM pg_inherits WHERE inhparent = relation AND drops
                UNION ALL
                SELECT conrelid, false FROM pg_constraint
                WHERE contype = 'f' AND confrelid = relation AND NOT drops
                    AND (confdeltype IN ('c', 'n', 'd') OR confupdtype IN ('c', 'n', 'd'))
            ) AS hanging
        )
        SELECT relation, bool_or(drops) AS drops FROM reached JOIN pg_class AS c ON c.oid = relation
        WHERE relkind IN ('r', 'p') GROUP BY relation ORDER BY relation
    LOOP
        EXECUTE format('LOCK TABLE ONLY %s IN %s MODE', one.relation::regclass,
            CASE WHEN one.drops THEN 'ACCESS EXCLUSIVE' ELSE 'EXCLUSIVE' END);
    END LOOP;

    -- Columns that have another name since, or are gone: nothing could be told by them.
    SELECT string_agg(DISTINCT relation || '.' || name, ', ') INTO risks
    FROM jsonb_to_recordset(known) AS k (relation text, told text[], rest text[], apart text[]),
        unnest(told || rest || apart) AS expression,
        LATERAL regexp_replace(expression, ' IS NULL$', '') AS name
    WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(relation)::oid
        AND attnum > 0 AND NOT attisdropped AND quote_ident(attname) = name);
    IF risks IS NOT NULL THEN
        RAISE EXCEPTION 'columns that this rollback needs were renamed or dropped since: %', risks
            USING HINT = 'Give them their names back, or take back what changed them, and run it again.';
    END IF;

    -- Values that the former type of their column can not read: where one fails, each is tried.
    FOR one IN
        WITH RECURSIVE heirs (relation, tail, condition) AS (
            SELECT to_regclass(k->>'relation')::oid, '.' || (k->'apart'->>0), k->>'place'
            FROM jsonb_array_elements(known) AS k WHERE k->>'goes' = 'cut'
            UNION
            SELECT inhrelid, tail, condition
            FROM heirs JOIN pg_inherits ON inhparent = heirs.relation
        )
        SELECT relation AS id, relation::regclass || tail AS name, substr(tail, 2) AS own, condition
        FROM heirs JOIN pg_class AS c ON c.oid = relation AND relkind = 'r' ORDER BY name
    LOOP
        BEGIN
            EXECUTE format('SELECT count(*) FROM ONLY %s WHERE %s', one.id::regclass, one.condition);
            CONTINUE;
        EXCEPTION WHEN OTHERS THEN
            found := cardinality(unread);
        END;
        FOR spot IN EXECUTE format('SELECT ctid FROM ONLY %s', one.id::regclass) LOOP
            BEGIN
                EXECUTE format('SELECT count(*) FROM ONLY %s WHERE ctid = $1 AND (%s)',
                    one.id::regclass, one.condition) USING spot;
            EXCEPTION WHEN OTHERS THEN
                unread_in := unread_in || one.name;
                unread := unread || spot;
            END;
        END LOOP;
        IF current_setting('consolidate.allow_data_loss', true) = 'on' THEN
            BEGIN
                EXECUTE format('UPDATE ONLY %s SET %s = NULL WHERE ctid = ANY ($1)',
                    one.id::regclass, one.own) USING unread[found + 1:];
            EXCEPTION WHEN not_null_violation THEN
                RAISE EXCEPTION 'values that the former type can not read can not be NULL: %', one.name
                    USING HINT = 'Give them one that it has, and run it again.';
            END;
        END IF;
        names := names || (one.name || ', no value of its former type');
        losses := losses || cardinality(unread) - found;
    END LOOP;

    -- Rows, each held against those that the history wrote there.
    FOR one IN
        SELECT relation, told, rest, apart, place, whole, rows, to_regclass(relation)::oid AS id,
            replace(goes, 'some ', '') AS goes, goes LIKE 'some %' AS spares,
            relation || CASE goes WHEN 'cut' THEN '.' || apart[1]
                WHEN 'outside' THEN ', outside of its bound' ELSE '' END AS name,
            CASE WHEN place <> '' THEN
                'WHERE CASE WHEN ctid = ANY ($4) THEN false ELSE ' || place || ' END'
            ELSE '' END AS condition
        FROM jsonb_to_recordset(known) AS k (relation text, goes text, told text[], rest text[],
            apart text[], place text, whole text, rows text[])
        WHERE goes <> 'taken'
    LOOP
        EXECUTE format(
            'WITH expected AS ('
            '    SELECT left(r, 16) AS told, count(*) AS number, array_agg(substr(r, 17)) AS rests '
            '    FROM unnest($1) AS r GROUP BY 1), '
            'held AS ('
            '    SELECT ctid AS at, left(md5(ROW(%s)::text), 16) AS told, '
            '        left(md5(ROW(%s)::text), $2) AS rest FROM ONLY %s %s), '
            'listed AS (SELECT *, row_number() OVER (PARTITION BY told) AS nth FROM held) '
            'SELECT count(*) AS rows, count(*) FILTER (WHERE number IS NULL) AS unknown, '
            '    count(*) FILTER (WHERE nth > number) AS alike, '
            '    count(*) FILTER (WHERE nth <= number AND rest <> ALL (rests)) AS changed, '
            '    coalesce(array_agg(at) FILTER (WHERE number > 0 OR $3), ''{}'') AS places, '
            '    md5(string_agg(told, '''' ORDER BY told COLLATE "C")) AS whole '
            'FROM listed LEFT JOIN expected USING (told)',
            array_to_string(one.told, ', '), array_to_string(one.rest, ', '), one.relation,
            one.condition) INTO counted
            USING one.rows, CASE WHEN one.rest = '{}' THEN 0 ELSE 16 END, one.goes = 'emptied',
                ARRAY(SELECT at FROM unnest(unread_in, unread) AS r (name, at) WHERE name = one.name);
        IF one.whole <> '' THEN
            names := names || (one.name || ', at least');
            losses := losses || CASE
                WHEN counted.rows = 0 OR concat_ws(':', counted.rows, counted.whole) = one.whole
                THEN 0 ELSE greatest(counted.rows - split_part(one.whole, ':', 1)::bigint, 1) END;
        ELSIF one.goes IN ('deleted', 'changed') THEN
            names := names || ARRAY[one.relation || ', changed since',
                one.relation || ', like rows of this history'];
            losses := losses || ARRAY[counted.changed,
                CASE WHEN one.spares THEN 0 ELSE counted.alike END];
            found := cardinality(counted.places) - counted.alike;
            IF found < cardinality(one.rows) THEN
                RAISE NOTICE '%: % of % rows are not there as this history wrote them',
                    one.relation, cardinality(one.rows) - found, cardinality(one.rows);
            END IF;
        ELSE
            names := names || one.name;
            losses := losses || (counted.unknown + counted.alike);
        END IF;
        IF one.goes IN ('deleted', 'changed', 'emptied') THEN
            here := here || array_fill(one.id, ARRAY[cardinality(counted.places)]);
            there := there || counted.places;
            moved := moved || array_fill(
                CASE one.goes WHEN 'changed' THEN ARRAY(SELECT attnum FROM pg_attribute
                    WHERE attrelid = one.id AND quote_ident(attname) = ANY (one.apart))::text END,
                ARRAY[cardinality(counted.places)]);
            why := why || array_fill(NULL::text, ARRAY[cardinality(counted.places)]);
        END IF;
        IF one.goes = 'outside' AND current_setting('consolidate.allow_data_loss', true) = 'on' THEN
            EXECUTE format('DELETE FROM ONLY %s WHERE %s', one.relation, one.place);
        END IF;
        CONTINUE WHEN one.goes IN ('changed', 'cut', 'outside') OR one.told || one.apart = '{}';
        FOR counted IN  -- columns that were added since
            SELECT quote_ident(attname) AS name, counted.places FROM pg_attribute
            WHERE attrelid = one.id AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
                AND quote_ident(attname) <> ALL (one.told || one.rest || one.apart)
        LOOP
            names := names || format('%s.%s', one.relation, counted.name);
            EXECUTE format('SELECT $1 || count(*) FROM ONLY %s WHERE num_nonnulls(%s) > 0 AND %s',
                one.relation, counted.name,
                CASE WHEN one.goes = 'dropped' THEN 'true' ELSE 'ctid = ANY ($2)' END)
                INTO losses USING losses, counted.places;
        END LOOP;
    END LOOP;

    -- Rows that hold the key of one which comes back.
    FOR one IN
        SELECT relation, place, ARRAY(SELECT place FROM unnest(here, there) AS r (id, place)
            WHERE id = to_regclass(relation)::oid) AS going
        FROM jsonb_to_recordset(known) AS k (relation text, goes text, place text)
        WHERE goes = 'taken'
    LOOP
        names := names || (one.relation || ', with the key of a row that comes back');
        EXECUTE format('SELECT $1 || count(*) FROM ONLY %s WHERE (%s) AND ctid <> ALL ($2)',
            one.relation, one.place) INTO losses USING losses, one.going;
        IF current_setting('consolidate.allow_data_loss', true) = 'on' THEN
            EXECUTE format('DELETE FROM ONLY %s WHERE (%s) AND ctid <> ALL ($1)',
                one.relation, one.place) USING one.going;
        END IF;
    END LOOP;

    -- Partitions and children that were added since.
    gone := ARRAY(SELECT to_regclass(k->>'relation')::oid FROM jsonb_array_elements(known) AS k
        WHERE k->>'goes' = 'dropped');
    FOR one IN
        WITH RECURSIVE heirs (relation, goes, tail, condition) AS (
            SELECT to_regclass(k->>'relation')::oid, k->>'goes',
                CASE k->>'goes' WHEN 'cut' THEN '.' || (k->'apart'->>0) ELSE '' END,
                CASE k->>'goes' WHEN 'cut' THEN k->>'place' ELSE 'true' END
            FROM jsonb_array_elements(known) AS k WHERE k->>'goes' IN ('dropped', 'cut')
            UNION
            SELECT inhrelid, goes, tail, condition
            FROM heirs JOIN pg_inherits ON inhparent = heirs.relation
            WHERE inhrelid <> ALL (staying)
        )
        SELECT relation, goes, relation::regclass || tail AS name, condition
        FROM heirs JOIN pg_class AS c ON c.oid = relation AND relkind = 'r'
        WHERE relation NOT IN (
            SELECT to_regclass(k->>'relation') FROM jsonb_array_elements(known) AS k)
        ORDER BY name
    LOOP
        names := names || one.name;
        EXECUTE format('SELECT $1 || count(*) FROM ONLY %s '
            'WHERE CASE WHEN ctid = ANY ($2) THEN false ELSE %s END',
            one.relation::regclass, one.condition) INTO losses USING losses,
            ARRAY(SELECT at FROM unnest(unread_in, unread) AS r (name, at) WHERE name = one.name);
        gone := gone || CASE one.goes WHEN 'dropped' THEN one.relation END;
    END LOOP;

    -- Rows that point at those which go or change: first what goes along, then what is altered with
    -- them, then what is in the way. What ON UPDATE CASCADE alters points where it did: no loss.
    FOR step IN 1 .. 3 LOOP
        LOOP
            before := cardinality(here);
            FOR one IN
                SELECT conrelid, conkey, confrelid, confkey, goes,
                    CASE WHEN c.relkind = 'r' THEN 'ONLY ' ELSE '' END AS only,
                    conrelid::regclass || CASE
                        WHEN action IN ('n', 'd') THEN ', altered with rows of '
                        WHEN action <> 'c' THEN ', pointing at '
                        WHEN goes THEN ', deleted with rows of ' END || confrelid::regclass AS name,
                        (SELECT string_agg(format('parent.%I OPERATOR(%I.%s) child.%I%s',
                            theirs.attname, nspname, oprname, own.attname,
                            CASE WHEN theirs.attcollation <> own.attcollation
                                THEN ' COLLATE ' || theirs.attcollation::regcollation END), ' AND ')
                        FROM unnest(conkey, confkey, conpfeqop) AS k (own, theirs, operator)
                        JOIN pg_attribute AS own ON (own.attrelid, own.attnum) = (conrelid, k.own)
                        JOIN pg_attribute AS theirs
                            ON (theirs.attrelid, theirs.attnum) = (confrelid, k.theirs)
                        JOIN pg_operator AS o ON o.oid = k.operator
                        JOIN pg_namespace AS n ON n.oid = oprnamespace) AS same
                FROM pg_constraint JOIN pg_class AS c ON c.oid = conrelid,
                    LATERAL (VALUES (true, confdeltype), (false, confupdtype)) AS e (goes, action)
                WHERE contype = 'f' AND confrelid = ANY (here) AND conrelid <> ALL (gone)
                    AND (conname, conrelid) NOT IN ({keys})
                    AND step = CASE WHEN action IN ('a', 'r') THEN 3 WHEN goes AND action = 'c'
                        THEN 1 ELSE 2 END
                ORDER BY name
            LOOP
                EXECUTE format(
                    'SELECT coalesce(array_agg(child.tableoid), ''{}'') AS tables, '
                    '    coalesce(array_agg(child.ctid), ''{}'') AS places FROM %s%s AS child '
                    'WHERE EXISTS (SELECT FROM ONLY %s AS parent '
                    '        WHERE parent.ctid = ANY ($1) AND %s) '
                    '    AND NOT EXISTS (SELECT FROM unnest($2, $3, $4) AS r (relation, place, moved) '
                    '        WHERE (relation, place) = (child.tableoid, child.ctid) '
                    '            AND (moved IS NULL OR moved::int2[] && $5))',
                    one.only, one.conrelid::regclass, one.confrelid::regclass, one.same) INTO counted
                    USING ARRAY(
                        SELECT place FROM unnest(here, there, moved) AS r (relation, place, moved)
                        WHERE relation = one.confrelid AND CASE WHEN one.goes THEN r.moved IS NULL
                            ELSE r.moved::int2[] && one.confkey END), here, there, moved, one.conkey;
                found := cardinality(counted.places);
                here := here || counted.tables;
                there := there || counted.places;
                moved := moved || array_fill((ARRAY[NULL, one.conkey::text, '{}'])[step],
                    ARRAY[found::int]);
                why := why || array_fill(one.name, ARRAY[found::int]);
            END LOOP;
            EXIT WHEN step = 3 OR cardinality(here) = before;
        END LOOP;
    END LOOP;

    PERFORM set_config('search_path', path, true);
    SELECT string_agg(format('%s (%s %s)', name, lost, CASE lost WHEN 1 THEN 'row' ELSE 'rows' END),
        ', ' ORDER BY first) INTO risks
    FROM (SELECT name, sum(lost) AS lost, min(nth) AS first FROM (
            SELECT * FROM unnest(names, losses) WITH ORDINALITY AS r (name, lost, nth)
            UNION ALL
            SELECT name, count(DISTINCT (relation, place)), cardinality(names) + min(nth)
            FROM unnest(here, there, why) WITH ORDINALITY AS r (relation, place, name, nth)
            WHERE name IS NOT NULL GROUP BY name) AS r (name, lost, nth)
        GROUP BY name) AS r
    WHERE lost > 0;
    IF risks IS NOT NULL AND current_setting('consolidate.allow_data_loss', true) = 'on' THEN
        RAISE WARNING 'this rollback loses rows: %', risks;
    ELSIF risks IS NOT NULL THEN
        RAISE EXCEPTION 'this rollback would lose rows: %', risks
            USING HINT = 'PGOPTIONS=''-c consolidate.allow_data_loss=on'' psql … lets them go.';
    END IF;
    PERFORM set_config('consolidate.guard', 'passed', true);
END
$guard$;
