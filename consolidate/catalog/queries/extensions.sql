-- Extensions. Their members are no objects of ours: which they are, what their functions do,
-- which columns their tables have and their comments are folded into digests here.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_extension AS x
JOIN pg_namespace AS n ON n.oid = x.extnamespace
CROSS JOIN LATERAL pg_identify_object('pg_extension'::regclass, x.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'extension'),
        ('version', x.extversion),
        ('schema', quote_ident(n.nspname)),
        ('relocatable', CASE WHEN x.extrelocatable THEN 'true' END),
        ('configuration tables', (
            SELECT string_agg(concat_ws(' ', c.t::regclass::text, nullif(c.condition, '')), ', '
                ORDER BY c.t::regclass::text COLLATE "C")
            FROM unnest(x.extconfig, x.extcondition) AS c(t, condition))),
        ('members', (
            SELECT count(*) || ' md5 ' || md5(string_agg(m.type || ' ' || m.identity, E'\n'
                ORDER BY m.type COLLATE "C", m.identity COLLATE "C"))
            FROM pg_depend AS e
            CROSS JOIN LATERAL pg_identify_object(e.classid, e.objid, e.objsubid) AS m
            WHERE e.refclassid = 'pg_extension'::regclass AND e.refobjid = x.oid
                AND e.deptype = 'e')),
        ('member comments', (
            SELECT count(*) || ' md5 ' || md5(string_agg(
                concat_ws(' ', m.type, m.identity, d.description), E'\n'
                ORDER BY m.type COLLATE "C", m.identity COLLATE "C"))
            FROM pg_depend AS e
            JOIN pg_description AS d ON d.classoid = e.classid AND d.objoid = e.objid
            CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) AS m
            WHERE e.refclassid = 'pg_extension'::regclass AND e.refobjid = x.oid
                AND e.deptype = 'e'
            HAVING count(*) > 0)),
        ('member functions', (
            SELECT count(*) || ' md5 ' || md5(string_agg(f.definition, E'\n'
                ORDER BY f.definition COLLATE "C"))
            FROM pg_depend AS e
            JOIN pg_proc AS p ON e.classid = 'pg_proc'::regclass AND e.objid = p.oid
                AND p.prokind <> 'a'
            CROSS JOIN LATERAL pg_get_functiondef(p.oid) AS f(definition)
            WHERE e.refclassid = 'pg_extension'::regclass AND e.refobjid = x.oid
                AND e.deptype = 'e')),
        ('member columns', (
            SELECT count(*) || ' md5 ' || md5(string_agg(
                concat_ws(' ', t.attrelid::regclass, t.attname,
                    format_type(t.atttypid, t.atttypmod), t.attnotnull,
                    pg_get_expr(d.adbin, d.adrelid)), E'\n'
                ORDER BY t.attrelid::regclass::text COLLATE "C", t.attnum))
            FROM pg_depend AS e
            JOIN pg_class AS c ON e.classid = 'pg_class'::regclass AND e.objid = c.oid
                AND c.relkind <> 'S'
            JOIN pg_attribute AS t ON t.attrelid = c.oid AND t.attnum > 0
                AND NOT t.attisdropped
            LEFT JOIN pg_attrdef AS d ON d.adrelid = t.attrelid AND d.adnum = t.attnum
            WHERE e.refclassid = 'pg_extension'::regclass AND e.refobjid = x.oid
                AND e.deptype = 'e'
            HAVING count(*) > 0))
) AS a(attribute, value)
WHERE a.value IS NOT NULL
UNION ALL
SELECT o.type, o.identity, 'depends on extension ' || quote_ident(x.extname), 'true'
FROM pg_depend AS d
JOIN pg_extension AS x ON x.oid = d.refobjid
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) AS o
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x'
