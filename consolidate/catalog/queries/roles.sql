-- Roles of the cluster, their settings (in every database and in this one), and memberships.
-- A stored password is already a hash; only its digest leaves the server.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_authid AS r
CROSS JOIN LATERAL pg_identify_object('pg_authid'::regclass, r.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'role'),
        ('superuser', CASE WHEN r.rolsuper THEN 'true' END),
        ('inherit', r.rolinherit::text),
        ('create role', CASE WHEN r.rolcreaterole THEN 'true' END),
        ('create database', CASE WHEN r.rolcreatedb THEN 'true' END),
        ('login', CASE WHEN r.rolcanlogin THEN 'true' END),
        ('replication', CASE WHEN r.rolreplication THEN 'true' END),
        ('bypass row security', CASE WHEN r.rolbypassrls THEN 'true' END),
        ('connection limit', nullif(r.rolconnlimit, -1)::text),
        ('password', 'md5 ' || md5(r.rolpassword)),
        ('valid until', r.rolvaliduntil::text)
) AS a(attribute, value)
WHERE a.value IS NOT NULL
UNION ALL
SELECT 'role', coalesce(quote_ident(r.rolname), 'ALL'),
    format('setting %s%s', split_part(c, '=', 1),
        CASE WHEN s.setdatabase = 0 THEN '' ELSE ' in database' END),
    substr(c, strpos(c, '=') + 1)
FROM pg_db_role_setting AS s
LEFT JOIN pg_authid AS r ON r.oid = s.setrole
CROSS JOIN LATERAL unnest(s.setconfig) AS c
WHERE (s.setdatabase = 0 OR s.setrole <> 0)
    AND s.setdatabase IN (
        SELECT 0::oid UNION ALL
        SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
UNION ALL
-- before 16 a membership had neither an OID nor options of its own
SELECT 'role membership',
    format('membership of role %s in role %s', quote_ident(pg_get_userbyid(m.member)),
        quote_ident(pg_get_userbyid(m.roleid))),
    a.attribute, a.value
FROM pg_auth_members AS m
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'role membership'),
        ('by ' || quote_ident(pg_get_userbyid(m.grantor)),
            format('admin %s, inherit %s, set %s', m.admin_option,
                coalesce(to_jsonb(m) ->> 'inherit_option', 'default'),
                coalesce(to_jsonb(m) ->> 'set_option', 'default')))
) AS a(attribute, value)
