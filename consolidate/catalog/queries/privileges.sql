-- Every single right: acl, or what PostgreSQL grants by default where acl is NULL. Built-in
-- objects and extension members speak up only where their rights are not those they were made
-- with (pg_init_privs, or the default), compared as sets because the order is history. initdb
-- records nothing for information_schema, whose relations are therefore always listed.
WITH protected(classid, objid, objsubid, kind, owner, acl) AS (
    SELECT 'pg_class'::regclass::oid, oid, 0,
        CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner, relacl
    FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relpersistence <> 't'
    UNION ALL
    SELECT 'pg_class'::regclass, t.attrelid, t.attnum, 'c', c.relowner, t.attacl
    FROM pg_attribute AS t
    JOIN pg_class AS c ON c.oid = t.attrelid
    WHERE t.attacl IS NOT NULL AND NOT t.attisdropped AND c.relpersistence <> 't'
    UNION ALL SELECT 'pg_proc'::regclass, oid, 0, 'f', proowner, proacl FROM pg_proc
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, 0, 'T', t.typowner, t.typacl FROM pg_type AS t
    LEFT JOIN pg_class AS c ON c.oid = t.typrelid
    WHERE (c.relkind IS NULL OR c.relkind = 'c') AND t.typtype <> 'm'
        AND t.oid NOT IN (SELECT typarray FROM pg_type)
    UNION ALL
    SELECT 'pg_namespace'::regclass, oid, 0, 'n', nspowner, nspacl FROM pg_namespace
    WHERE nspname !~ '^pg_(toast|temp_)'
    UNION ALL
    SELECT 'pg_database'::regclass, oid, 0, 'd', datdba, datacl FROM pg_database
    WHERE datname = current_database()
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, 'F', fdwowner, fdwacl
    FROM pg_foreign_data_wrapper
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, oid, 0, 'S', srvowner, srvacl FROM pg_foreign_server
    UNION ALL SELECT 'pg_language'::regclass, oid, 0, 'l', lanowner, lanacl FROM pg_language
    UNION ALL
    SELECT 'pg_tablespace'::regclass, oid, 0, 't', spcowner, spcacl FROM pg_tablespace
    UNION ALL
    SELECT 'pg_parameter_acl'::regclass, oid, 0, 'p', 10::oid, paracl FROM pg_parameter_acl
), kept AS (
    SELECT p.classid, p.objid, p.objsubid, now.acl
    FROM protected AS p
    LEFT JOIN pg_init_privs AS i
        ON i.classoid = p.classid AND i.objoid = p.objid AND i.objsubid = p.objsubid
    CROSS JOIN LATERAL (
        SELECT coalesce(p.acl, acldefault(p.kind, p.owner)),
            coalesce(i.initprivs, acldefault(p.kind, p.owner))
    ) AS now(acl, made_with)
    WHERE p.acl IS DISTINCT FROM i.initprivs
            AND NOT (now.acl @> now.made_with AND now.made_with @> now.acl)
        OR (
            p.objid >= 16384
            OR (p.classid, p.objid) = ('pg_namespace'::regclass, 2200)
            OR p.classid = 'pg_class'::regclass AND p.objid IN (
                SELECT oid FROM pg_class
                WHERE relnamespace = to_regnamespace('information_schema'))
            OR p.classid = 'pg_database'::regclass)
        AND NOT EXISTS (
            SELECT FROM pg_depend AS e
            WHERE e.classid = p.classid AND e.objid = p.objid AND e.deptype = 'e')
)
SELECT o.type AS kind, CASE o.type WHEN 'database' THEN 'database' ELSE o.identity END AS identity,
    format('grant %s to %s by %s', g.privilege_type,
        CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
        quote_ident(pg_get_userbyid(g.grantor))) AS attribute,
    CASE WHEN g.is_grantable THEN 'with grant option' ELSE 'plain' END AS value
FROM kept AS k
CROSS JOIN LATERAL pg_identify_object(k.classid, k.objid, k.objsubid) AS o
CROSS JOIN LATERAL aclexplode(k.acl) AS g
WHERE o.identity NOT LIKE 'pg\_temp%'
