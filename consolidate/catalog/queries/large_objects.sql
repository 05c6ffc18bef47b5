-- Large objects by content, for their OIDs are their only names: how many of each, and what is
-- true of any of them.
WITH objects AS (
    SELECT l.oid, l.lomowner, l.lomacl, 'md5 ' || md5(lo_get(l.oid)) AS identity
    FROM pg_largeobject_metadata AS l
)
SELECT 'large object' AS kind, identity, 'exists' AS attribute, count(*)::text AS value
FROM objects GROUP BY identity
UNION ALL
SELECT 'large object', o.identity, a.attribute,
    string_agg(DISTINCT a.value, ', ' ORDER BY a.value)
FROM objects AS o
CROSS JOIN LATERAL (
    SELECT 'owner', quote_ident(pg_get_userbyid(o.lomowner))
    UNION ALL
    SELECT format('grant %s to %s by %s', g.privilege_type,
            CASE WHEN g.grantee = 0 THEN 'PUBLIC'
                ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
            quote_ident(pg_get_userbyid(g.grantor))),
        CASE WHEN g.is_grantable THEN 'with grant option' ELSE 'plain' END
    FROM aclexplode(coalesce(o.lomacl, acldefault('L', o.lomowner))) AS g
    UNION ALL
    SELECT 'comment', d.description
    FROM pg_description AS d
    WHERE d.classoid = 'pg_largeobject'::regclass AND d.objoid = o.oid
    UNION ALL
    SELECT 'security label ' || s.provider, s.label
    FROM pg_seclabel AS s
    WHERE s.classoid = 'pg_largeobject'::regclass AND s.objoid = o.oid
) AS a(attribute, value)
GROUP BY o.identity, a.attribute
