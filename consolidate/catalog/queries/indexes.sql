-- Indexes, those behind constraints included. The definition is stripped of WITH (…), whose
-- order follows the history; the options are facts of their own.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_class AS r ON r.oid = i.indrelid
LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
CROSS JOIN LATERAL pg_identify_object('pg_class'::regclass, c.oid, 0) AS o
CROSS JOIN LATERAL (
    SELECT replace(pg_get_indexdef(c.oid), coalesce(' WITH (' || (
        SELECT string_agg(quote_ident(w.option_name) || '='
            || CASE WHEN quote_ident(w.option_value) = w.option_value
                THEN w.option_value ELSE quote_literal(w.option_value) END, ', ')
        FROM pg_options_to_table(c.reloptions) AS w) || ')', ''), '')
) AS d(definition)
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'index'),
        ('definition', d.definition),
        ('invalid', CASE WHEN NOT i.indisvalid THEN 'true' END),
        ('not ready', CASE WHEN NOT (i.indisready AND i.indislive) THEN 'true' END),
        ('clustered', CASE WHEN i.indisclustered THEN 'true' END),
        ('replica identity', CASE WHEN i.indisreplident THEN 'true' END),
        ('deferrable', CASE WHEN NOT i.indimmediate THEN 'true' END),
        ('unlogged', CASE WHEN c.relpersistence = 'u' THEN 'true' END),
        ('tablespace', quote_ident(s.spcname)),
        ('partition of', (SELECT h.inhparent::regclass::text
            FROM pg_inherits AS h WHERE h.inhrelid = c.oid))
    UNION ALL
    SELECT 'option ' || option_name, coalesce(option_value, '')
    FROM pg_options_to_table(c.reloptions)
    UNION ALL
    -- an index has no holes in its column numbers
    SELECT 'statistics target of column ' || t.attnum, nullif(t.attstattarget::int, -1)::text
    FROM pg_attribute AS t WHERE t.attrelid = c.oid
) AS a(attribute, value)
WHERE c.oid >= 16384
    AND r.relkind <> 't'
    AND c.relpersistence <> 't'
    AND a.value IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_class'::regclass AND e.objid = r.oid
            AND e.objsubid = 0 AND e.deptype = 'e')
