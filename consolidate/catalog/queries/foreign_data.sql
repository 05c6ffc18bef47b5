-- Foreign-data wrappers, servers and user mappings; the options of the last may be secrets and
-- are kept as digests.
SELECT i.type AS kind, i.identity, a.attribute, a.value
FROM (
    SELECT 'pg_foreign_data_wrapper'::regclass::oid AS class, w.oid, v.attribute, v.value
    FROM pg_foreign_data_wrapper AS w
    CROSS JOIN LATERAL (
        VALUES
            ('exists', 'foreign-data wrapper'),
            ('handler', nullif(w.fdwhandler, 0)::regprocedure::text),
            ('validator', nullif(w.fdwvalidator, 0)::regprocedure::text)
        UNION ALL
        SELECT 'option ' || option_name, coalesce(option_value, '')
        FROM pg_options_to_table(w.fdwoptions)
    ) AS v(attribute, value)
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, s.oid, v.attribute, v.value
    FROM pg_foreign_server AS s
    JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
    CROSS JOIN LATERAL (
        VALUES
            ('exists', 'server'),
            ('wrapper', quote_ident(w.fdwname)),
            ('type', s.srvtype),
            ('version', s.srvversion)
        UNION ALL
        SELECT 'option ' || option_name, coalesce(option_value, '')
        FROM pg_options_to_table(s.srvoptions)
    ) AS v(attribute, value)
    UNION ALL
    SELECT 'pg_user_mapping'::regclass, u.oid, v.attribute, v.value
    FROM pg_user_mapping AS u
    CROSS JOIN LATERAL (
        VALUES ('exists', 'user mapping')
        UNION ALL
        SELECT 'option ' || option_name, 'md5 ' || md5(coalesce(option_value, ''))
        FROM pg_options_to_table(u.umoptions)
    ) AS v(attribute, value)
) AS a
CROSS JOIN LATERAL pg_identify_object(a.class, a.oid, 0) AS i
WHERE a.value IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = a.class AND e.objid = a.oid AND e.deptype = 'e')
