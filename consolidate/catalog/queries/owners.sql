-- Who owns what. Of built-in objects and of extension members only what is not owned as it was
-- made: by the bootstrap superuser (OID 10), by the extension's owner.
WITH owned(classid, objid, owner) AS (
    SELECT 'pg_class'::regclass::oid, oid, relowner FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relpersistence <> 't'
    UNION ALL SELECT 'pg_proc'::regclass, oid, proowner FROM pg_proc
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, t.typowner FROM pg_type AS t
    LEFT JOIN pg_class AS c ON c.oid = t.typrelid
    WHERE (c.relkind IS NULL OR c.relkind = 'c') AND t.typtype <> 'm'
        AND t.oid NOT IN (SELECT typarray FROM pg_type)
    UNION ALL
    SELECT 'pg_namespace'::regclass, oid, nspowner FROM pg_namespace
    WHERE nspname !~ '^pg_(toast|temp_)'
    UNION ALL
    SELECT 'pg_database'::regclass, oid, datdba FROM pg_database
    WHERE datname = current_database()
    UNION ALL SELECT 'pg_collation'::regclass, oid, collowner FROM pg_collation
    UNION ALL SELECT 'pg_conversion'::regclass, oid, conowner FROM pg_conversion
    UNION ALL SELECT 'pg_event_trigger'::regclass, oid, evtowner FROM pg_event_trigger
    UNION ALL SELECT 'pg_extension'::regclass, oid, extowner FROM pg_extension
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, fdwowner FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'pg_foreign_server'::regclass, oid, srvowner FROM pg_foreign_server
    UNION ALL SELECT 'pg_language'::regclass, oid, lanowner FROM pg_language
    UNION ALL SELECT 'pg_opclass'::regclass, oid, opcowner FROM pg_opclass
    UNION ALL SELECT 'pg_operator'::regclass, oid, oprowner FROM pg_operator
    UNION ALL SELECT 'pg_opfamily'::regclass, oid, opfowner FROM pg_opfamily
    UNION ALL SELECT 'pg_publication'::regclass, oid, pubowner FROM pg_publication
    UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxowner FROM pg_statistic_ext
    UNION ALL
    SELECT 'pg_subscription'::regclass, s.oid, s.subowner FROM pg_subscription AS s
    JOIN pg_database AS d ON d.oid = s.subdbid AND d.datname = current_database()
    UNION ALL SELECT 'pg_tablespace'::regclass, oid, spcowner FROM pg_tablespace
    UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgowner FROM pg_ts_config
    UNION ALL SELECT 'pg_ts_dict'::regclass, oid, dictowner FROM pg_ts_dict
), kept AS (
    SELECT w.classid, w.objid, w.owner
    FROM owned AS w
    LEFT JOIN pg_depend AS e ON e.classid = w.classid AND e.objid = w.objid
        AND e.objsubid = 0 AND e.deptype = 'e'
    LEFT JOIN pg_extension AS x ON x.oid = e.refobjid
    WHERE w.owner <> coalesce(x.extowner, CASE
        -- the OIDs of these say nothing: plpgsql can be dropped and made again
        WHEN w.objid < 16384 AND w.classid NOT IN (
            'pg_database'::regclass, 'pg_extension'::regclass) THEN 10 ELSE 0 END)
)
SELECT o.type AS kind, CASE o.type WHEN 'database' THEN 'database' ELSE o.identity END AS identity,
    'owner' AS attribute, quote_ident(pg_get_userbyid(k.owner)) AS value
FROM kept AS k
CROSS JOIN LATERAL pg_identify_object(k.classid, k.objid, 0) AS o
WHERE o.identity NOT LIKE 'pg\_temp%'
