-- Languages, transforms, access methods, conversions and collations.
SELECT i.type AS kind, i.identity, a.attribute, a.value
FROM (
    SELECT 'pg_language'::regclass::oid AS class, l.oid, v.attribute, v.value
    FROM pg_language AS l
    CROSS JOIN LATERAL (VALUES
        ('exists', 'language'),
        ('trusted', CASE WHEN l.lanpltrusted THEN 'true' END),
        ('handler', nullif(l.lanplcallfoid, 0)::regprocedure::text),
        ('inline handler', nullif(l.laninline, 0)::regprocedure::text),
        ('validator', nullif(l.lanvalidator, 0)::regprocedure::text)
    ) AS v(attribute, value)
    UNION ALL
    SELECT 'pg_transform'::regclass, t.oid, v.attribute, v.value
    FROM pg_transform AS t
    CROSS JOIN LATERAL (VALUES
        ('exists', 'transform'),
        ('from sql', nullif(t.trffromsql, 0)::regprocedure::text),
        ('to sql', nullif(t.trftosql, 0)::regprocedure::text)
    ) AS v(attribute, value)
    UNION ALL
    SELECT 'pg_am'::regclass, m.oid, v.attribute, v.value
    FROM pg_am AS m
    CROSS JOIN LATERAL (VALUES
        ('exists', CASE m.amtype WHEN 'i' THEN 'index access method'
            ELSE 'table access method' END),
        ('handler', m.amhandler::regprocedure::text)
    ) AS v(attribute, value)
    UNION ALL
    SELECT 'pg_conversion'::regclass, c.oid, v.attribute, v.value
    FROM pg_conversion AS c
    CROSS JOIN LATERAL (VALUES
        ('exists', 'conversion'),
        ('from', pg_encoding_to_char(c.conforencoding)::text),
        ('to', pg_encoding_to_char(c.contoencoding)::text),
        ('function', c.conproc::regprocedure::text),
        ('default', CASE WHEN c.condefault THEN 'true' END)
    ) AS v(attribute, value)
    UNION ALL
    -- the locale's column is colliculocale up to 16, colllocale since 17; its rules came in 16
    SELECT 'pg_collation'::regclass, c.oid, v.attribute, v.value
    FROM pg_collation AS c
    CROSS JOIN LATERAL (VALUES
        ('exists', 'collation'),
        ('provider', CASE c.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu'
            WHEN 'b' THEN 'builtin' ELSE 'default' END),
        -- a database has one encoding: a collation for it alone is as good as one for any
        ('encoding', CASE WHEN c.collencoding NOT IN (-1, (
                SELECT d.encoding FROM pg_database AS d WHERE d.datname = current_database()))
            THEN pg_encoding_to_char(c.collencoding)::text END),
        ('collate', c.collcollate),
        ('ctype', c.collctype),
        ('locale', coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale')),
        ('rules', to_jsonb(c) ->> 'collicurules'),
        ('not deterministic', CASE WHEN NOT c.collisdeterministic THEN 'true' END)
    ) AS v(attribute, value)
    WHERE c.oid >= 16384
) AS a
CROSS JOIN LATERAL pg_identify_object(a.class, a.oid, 0) AS i
WHERE a.oid >= 16384
    AND a.value IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = a.class AND e.objid = a.oid AND e.deptype = 'e')
