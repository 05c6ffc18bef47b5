-- What a history changed on PostgreSQL's own objects, one digest per catalog and subject:
-- comments, what the functions are, which objects of the unpinned schemas are there. Sums of
-- hashes need no sorting. (plpgsql is as old as they are, but its members are an extension's:
-- see extensions.sql.)
WITH member(class, oid) AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e' AND objid < 16384
)
SELECT 'built-in objects' AS kind, d.classoid::regclass::text AS identity,
    'comments' AS attribute,
    count(*) || ' digest ' || sum(hashtextextended(
        d.description, d.objoid::bigint * 65536 + d.objsubid)) AS value
FROM pg_description AS d
WHERE d.objoid < 16384
    AND (d.classoid, d.objoid) <> ('pg_namespace'::regclass, 2200)
    AND d.classoid NOT IN ('pg_extension'::regclass, 'pg_largeobject'::regclass)
    AND (d.classoid, d.objoid) NOT IN (SELECT class, oid FROM member)
GROUP BY d.classoid
UNION ALL
SELECT 'built-in objects', 'pg_proc', 'definitions',
    count(*) || ' digest ' || sum(hash_record_extended(ROW(p.proname, p.pronamespace, p.procost,
        p.prorows, p.prosupport, p.prosecdef, p.proleakproof, p.proisstrict, p.provolatile,
        p.proparallel, p.proconfig, p.prosrc, p.prolang), p.oid::bigint))
FROM pg_proc AS p
WHERE p.oid < 16384 AND p.oid NOT IN (SELECT oid FROM member WHERE class = 'pg_proc'::regclass)
UNION ALL
SELECT 'built-in objects', 'pg_ts_config_map', 'definitions',
    count(*) || ' digest ' || sum(hashtextextended(concat_ws(' ', mapcfg::regconfig,
        maptokentype, mapseqno, mapdict::regdictionary), 0))
FROM pg_ts_config_map
WHERE mapcfg < 16384
UNION ALL
SELECT 'built-in objects', c.class::text, 'presence',
    count(*) || ' digest ' || sum(hashtextextended(c.name, c.schema::bigint))
FROM (
    SELECT 'pg_class'::regclass, oid, relnamespace, relname FROM pg_class
    WHERE relkind NOT IN ('i', 't')
    UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace, typname FROM pg_type
    UNION ALL SELECT 'pg_collation'::regclass, oid, collnamespace, collname FROM pg_collation
    UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgnamespace, cfgname FROM pg_ts_config
    UNION ALL
    SELECT 'pg_ts_dict'::regclass, oid, dictnamespace,
        dictname || ' ' || coalesce(dictinitoption, '')
    FROM pg_ts_dict
    UNION ALL
    SELECT 'pg_ts_template'::regclass, oid, tmplnamespace, tmplname FROM pg_ts_template
    UNION ALL SELECT 'pg_language'::regclass, oid, 0::oid, lanname FROM pg_language
) AS c(class, oid, schema, name)
WHERE c.oid < 16384 AND (c.class, c.oid) NOT IN (SELECT class, oid FROM member)
GROUP BY c.class
