-- Tables, views, materialized views and foreign tables.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_class AS c
LEFT JOIN pg_class AS toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_am AS m ON m.oid = c.relam
LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
LEFT JOIN pg_foreign_table AS ft ON ft.ftrelid = c.oid
LEFT JOIN pg_foreign_server AS fs ON fs.oid = ft.ftserver
CROSS JOIN LATERAL pg_identify_object('pg_class'::regclass, c.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', CASE c.relkind
            WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
            WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END),
        ('unlogged', CASE WHEN c.relpersistence = 'u' THEN 'true' END),
        ('access method', nullif(m.amname::text, 'heap')),
        ('tablespace', quote_ident(s.spcname)),
        ('replica identity', CASE c.relreplident
            WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' END),
        ('row security', CASE WHEN c.relrowsecurity THEN 'true' END),
        ('force row security', CASE WHEN c.relforcerowsecurity THEN 'true' END),
        ('of type', CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END),
        ('inherits', CASE WHEN NOT c.relispartition THEN (
            SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
            FROM pg_inherits AS i WHERE i.inhrelid = c.oid) END),
        ('partition of', CASE WHEN c.relispartition THEN (
            SELECT i.inhparent::regclass::text || CASE
                WHEN i.inhdetachpending THEN ' (detach pending)' ELSE '' END
            FROM pg_inherits AS i WHERE i.inhrelid = c.oid) END),
        ('partition bound', pg_get_expr(c.relpartbound, c.oid)),
        ('partition key', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END),
        ('definition', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END),
        ('populated', CASE WHEN c.relkind = 'm' THEN c.relispopulated::text END),
        ('server', quote_ident(fs.srvname))
    UNION ALL
    SELECT 'option ' || option_name, coalesce(option_value, '')
    FROM pg_options_to_table(c.reloptions)
    UNION ALL
    SELECT 'toast option ' || option_name, coalesce(option_value, '')
    FROM pg_options_to_table(toast.reloptions)
    UNION ALL
    SELECT 'server option ' || option_name, coalesce(option_value, '')
    FROM pg_options_to_table(ft.ftoptions)
) AS a(attribute, value)
WHERE c.oid >= 16384
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND c.relpersistence <> 't'
    AND a.value IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
            AND e.objsubid = 0 AND e.deptype = 'e')
