-- Row security policies; the roles have no order.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_policy AS p
CROSS JOIN LATERAL pg_identify_object('pg_policy'::regclass, p.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'policy'),
        ('command', CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert'
            WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END),
        ('permissive', p.polpermissive::text),
        ('roles', (
            SELECT string_agg(r.name, ', ' ORDER BY r.name COLLATE "C")
            FROM (
                SELECT CASE WHEN role = 0 THEN 'PUBLIC'
                    ELSE quote_ident(pg_get_userbyid(role)) END
                FROM unnest(p.polroles) AS role) AS r(name))),
        ('using', pg_get_expr(p.polqual, p.polrelid)),
        ('with check', pg_get_expr(p.polwithcheck, p.polrelid))
) AS a(attribute, value)
WHERE a.value IS NOT NULL
