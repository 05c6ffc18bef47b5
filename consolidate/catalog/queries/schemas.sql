-- Schemas, PostgreSQL's own pg_catalog and information_schema included.
SELECT o.type AS kind, o.identity, 'exists' AS attribute, 'schema' AS value
FROM pg_namespace AS n
CROSS JOIN LATERAL pg_identify_object('pg_namespace'::regclass, n.oid, 0) AS o
WHERE n.nspname !~ '^pg_(toast|temp_)'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e')
