-- Columns of tables, views, materialized views, foreign tables and composite types.
-- The position is the rank among live columns: holes left by dropped ones are invisible.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM (
    SELECT t.*, c.relkind,
        row_number() OVER (PARTITION BY t.attrelid ORDER BY t.attnum) AS position
    FROM pg_attribute AS t
    JOIN pg_class AS c ON c.oid = t.attrelid
    WHERE c.oid >= 16384
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
        AND c.relpersistence <> 't'
        AND t.attnum > 0
        AND NOT t.attisdropped
        AND NOT EXISTS (
            SELECT FROM pg_depend AS e
            WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
                AND e.objsubid = 0 AND e.deptype = 'e')
) AS c
JOIN pg_type AS t ON t.oid = c.atttypid
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.attrelid AND d.adnum = c.attnum
CROSS JOIN LATERAL pg_identify_object('pg_class'::regclass, c.attrelid, c.attnum) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'column'),
        ('type', format_type(c.atttypid, c.atttypmod)),
        ('position', c.position::text),
        ('not null', CASE WHEN c.attnotnull THEN 'true' END),
        ('collation', CASE WHEN c.attcollation <> t.typcollation AND c.attcollation <> 0
            THEN c.attcollation::regcollation::text END),
        ('default', CASE WHEN c.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END),
        ('generated', CASE c.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END),
        ('expression', CASE WHEN c.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END),
        ('identity', CASE c.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END),
        ('storage', CASE WHEN c.attstorage <> t.typstorage THEN CASE c.attstorage
            WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
            WHEN 'm' THEN 'main' ELSE 'extended' END END),
        ('compression', CASE c.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END),
        -- -1 up to 16, NULL since 17
        ('statistics target', nullif(c.attstattarget::int, -1)::text),
        ('not local', CASE WHEN NOT c.attislocal THEN 'true' END),
        ('inherited', CASE WHEN c.attinhcount > 0 THEN c.attinhcount::text END)
    UNION ALL
    SELECT 'option ' || option_name, coalesce(option_value, '')
    FROM pg_options_to_table(c.attoptions)
    -- 17.12 writes it by itself, see bookkeeping.py
    WHERE option_name <> 'pg_attver'
    UNION ALL
    SELECT 'server option ' || option_name, coalesce(option_value, '')
    FROM pg_options_to_table(c.attfdwoptions)
) AS a(attribute, value)
WHERE a.value IS NOT NULL
