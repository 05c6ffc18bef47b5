-- The connected database itself, and the cluster's tablespaces (without their place on disk).
SELECT 'database' AS kind, 'database' AS identity, a.attribute, a.value
FROM pg_database AS d
JOIN pg_tablespace AS s ON s.oid = d.dattablespace
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'database'),
        ('encoding', pg_encoding_to_char(d.encoding)::text),
        ('locale provider', d.datlocprovider::text),
        ('collate', d.datcollate::text),
        ('ctype', d.datctype::text),
        ('locale', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')),
        ('locale rules', to_jsonb(d) ->> 'daticurules'),
        ('tablespace', quote_ident(s.spcname)),
        ('connection limit', nullif(d.datconnlimit, -1)::text),
        ('template', CASE WHEN d.datistemplate THEN 'true' END),
        ('no connections', CASE WHEN NOT d.datallowconn THEN 'true' END)
    UNION ALL
    SELECT 'setting ' || split_part(c, '=', 1), substr(c, strpos(c, '=') + 1)
    FROM pg_db_role_setting AS p
    CROSS JOIN LATERAL unnest(p.setconfig) AS c
    WHERE p.setdatabase = d.oid AND p.setrole = 0
) AS a(attribute, value)
WHERE d.datname = current_database() AND a.value IS NOT NULL
UNION ALL
SELECT o.type, o.identity, a.attribute, a.value
FROM pg_tablespace AS s
CROSS JOIN LATERAL pg_identify_object('pg_tablespace'::regclass, s.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES ('exists', 'tablespace')
    UNION ALL
    SELECT 'option ' || option_name, coalesce(option_value, '')
    FROM pg_options_to_table(s.spcoptions)
) AS a(attribute, value)
