-- Extended statistics objects; their definition leaves the target out.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_statistic_ext AS s
CROSS JOIN LATERAL pg_identify_object('pg_statistic_ext'::regclass, s.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'statistics object'),
        ('definition', pg_get_statisticsobjdef(s.oid)),
        -- -1 up to 16, NULL since 17
        ('target', nullif(s.stxstattarget::int, -1)::text)
) AS a(attribute, value)
WHERE a.value IS NOT NULL
    AND s.stxnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\_temp\_%')
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_statistic_ext'::regclass AND e.objid = s.oid AND e.deptype = 'e')
