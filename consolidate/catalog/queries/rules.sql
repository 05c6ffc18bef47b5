-- Rewrite rules, without the one that is a view's own definition.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_rewrite AS r
CROSS JOIN LATERAL pg_identify_object('pg_rewrite'::regclass, r.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'rule'),
        ('definition', pg_get_ruledef(r.oid)),
        ('enabled', CASE r.ev_enabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled'
            WHEN 'R' THEN 'replica' ELSE 'always' END)
) AS a(attribute, value)
WHERE r.oid >= 16384
    AND r.rulename <> '_RETURN'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_rewrite'::regclass AND e.objid = r.oid AND e.deptype = 'e')
