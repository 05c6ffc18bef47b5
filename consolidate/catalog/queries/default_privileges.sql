-- ALTER DEFAULT PRIVILEGES. A row exists only where the rights differ from PostgreSQL's own.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_default_acl AS d
CROSS JOIN LATERAL pg_identify_object('pg_default_acl'::regclass, d.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES ('exists', 'default privileges')
    UNION ALL
    SELECT format('grant %s to %s by %s', g.privilege_type,
            CASE WHEN g.grantee = 0 THEN 'PUBLIC'
                ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
            quote_ident(pg_get_userbyid(g.grantor))),
        CASE WHEN g.is_grantable THEN 'with grant option' ELSE 'plain' END
    FROM aclexplode(d.defaclacl) AS g
) AS a(attribute, value)
