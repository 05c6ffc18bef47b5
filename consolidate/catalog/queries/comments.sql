-- Comments and security labels. The comments of built-in objects and of extension members are
-- digests (built_in.sql, extensions.sql), those of large objects stand in large_objects.sql, where
-- their labels are, too.
SELECT o.type AS kind, CASE o.type WHEN 'database' THEN 'database' ELSE o.identity END AS identity,
    d.attribute, d.value
FROM (
    SELECT c.classoid, c.objoid, c.objsubid, 'comment' AS attribute, c.description AS value
    FROM pg_description AS c
    WHERE (
            c.objoid >= 16384
            OR (c.classoid, c.objoid) = ('pg_namespace'::regclass, 2200)
            OR c.classoid = 'pg_extension'::regclass)
        AND NOT EXISTS (
            SELECT FROM pg_depend AS e
            WHERE e.classid = c.classoid AND e.objid = c.objoid AND e.deptype = 'e')
    UNION ALL
    SELECT classoid, objoid, 0, 'comment', description
    FROM pg_shdescription
    WHERE classoid <> 'pg_database'::regclass
        OR objoid = (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL
    SELECT classoid, objoid, objsubid, 'security label ' || provider, label FROM pg_seclabel
    UNION ALL
    SELECT classoid, objoid, 0, 'security label ' || provider, label
    FROM pg_shseclabel
    WHERE classoid <> 'pg_database'::regclass
        OR objoid = (SELECT oid FROM pg_database WHERE datname = current_database())
) AS d
CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) AS o
WHERE d.classoid <> 'pg_largeobject'::regclass
    AND o.identity !~ '(^| on )pg_temp(_\d+)?\.'
