-- What a history changed on PostgreSQL's own objects, one digest per catalog and subject:
-- comments, what the functions are, which objects of the unpinned schemas are there. (plpgsql is
-- as old as they are, but its members are an extension's: see extensions.sql.)
WITH member(class, oid) AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e' AND objid < 16384
)
SELECT 'built-in objects' AS kind, classoid::regclass::text AS identity, 'comments' AS attribute,
    count(*) || ' md5 ' || md5(string_agg(
        concat_ws(' ', objoid, objsubid, description), E'\n' ORDER BY objoid, objsubid)) AS value
FROM pg_description
WHERE objoid < 16384
    AND (classoid, objoid) <> ('pg_namespace'::regclass, 2200)
    AND classoid NOT IN ('pg_extension'::regclass, 'pg_largeobject'::regclass)
    AND (classoid, objoid) NOT IN (SELECT class, oid FROM member)
GROUP BY classoid
UNION ALL
SELECT 'built-in objects', 'pg_proc', 'definitions',
    count(*) || ' md5 ' || md5(string_agg(concat_ws(' ', oid, proname, pronamespace, procost,
        prorows, prosupport, prosecdef, proleakproof, proisstrict, provolatile, proparallel,
        proconfig, prosrc, prolang), E'\n' ORDER BY oid))
FROM pg_proc
WHERE oid < 16384 AND oid NOT IN (SELECT oid FROM member WHERE class = 'pg_proc'::regclass)
UNION ALL
SELECT 'built-in objects', 'pg_ts_config_map', 'definitions',
    count(*) || ' md5 ' || md5(string_agg(concat_ws(' ', mapcfg::regconfig, maptokentype,
        mapdict::regdictionary), E'\n' ORDER BY mapcfg::regconfig::text COLLATE "C",
        maptokentype, mapseqno))
FROM pg_ts_config_map
WHERE mapcfg < 16384
UNION ALL
SELECT 'built-in objects', c.class::text, 'presence', count(*) || ' md5 ' || md5(string_agg(
    c.name, E'\n' ORDER BY c.name COLLATE "C"))
FROM (
    SELECT 'pg_class'::regclass, oid, relnamespace || ' ' || relname FROM pg_class
    WHERE relkind NOT IN ('i', 't')
    UNION ALL
    SELECT 'pg_type'::regclass, oid, typnamespace || ' ' || typname FROM pg_type
    UNION ALL
    SELECT 'pg_collation'::regclass, oid, collnamespace || ' ' || collname FROM pg_collation
    UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgname FROM pg_ts_config
    UNION ALL
    SELECT 'pg_ts_dict'::regclass, oid, dictname || ' ' || coalesce(dictinitoption, '')
    FROM pg_ts_dict
    UNION ALL SELECT 'pg_ts_template'::regclass, oid, tmplname FROM pg_ts_template
    UNION ALL SELECT 'pg_language'::regclass, oid, lanname FROM pg_language
) AS c(class, oid, name)
WHERE c.oid < 16384 AND (c.class, c.oid) NOT IN (SELECT class, oid FROM member)
GROUP BY c.class
