-- What a history changed on PostgreSQL's own objects, one digest per catalog: of comments, and of
-- all that makes the objects what they are. Sums of hashes need no sorting; catalogs that name
-- others by OID do so by numbers that every server of the version has. What initdb numbers as it
-- goes (information_schema, collations, dictionaries) is hashed by name.
-- (plpgsql is as old as they are, but its members are an extension's: see members.sql.)
WITH member(class, oid) AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e' AND objid < 16384
), relation AS (
    SELECT c.*, n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid < 16384 AND n.nspname <> 'pg_toast'
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
SELECT 'built-in objects', h.class::text, 'definitions', count(*) || ' digest ' || sum(h.hash)
FROM (
    SELECT 'pg_proc'::regclass AS class, hash_record_extended(ROW(n.nspname, p.proname,
        p.proargtypes::oid[], p.prorettype, p.proretset, p.prokind, p.prolang, p.procost,
        p.prorows, p.provariadic, p.prosupport, p.prosecdef, p.proleakproof, p.proisstrict,
        p.provolatile, p.proparallel, p.proconfig, p.prosrc, p.probin, p.proallargtypes,
        p.proargmodes, p.proargnames, pg_get_expr(p.proargdefaults, 0),
        CASE WHEN p.prosqlbody IS NOT NULL THEN pg_get_function_sqlbody(p.oid) END), 0) AS hash
    FROM pg_proc AS p
    JOIN pg_namespace AS n ON n.oid = p.pronamespace
    WHERE p.oid < 16384
        AND p.oid NOT IN (SELECT oid FROM member WHERE class = 'pg_proc'::regclass)
    UNION ALL
    SELECT 'pg_aggregate', hash_record_extended(ROW(a.*), 0)
    FROM pg_aggregate AS a WHERE a.aggfnoid < 16384::oid
    UNION ALL
    SELECT 'pg_operator', hash_record_extended(ROW(n.nspname, o.oprname, o.oprleft, o.oprright,
        o.oprresult, o.oprcom, o.oprnegate, o.oprcode, o.oprrest, o.oprjoin, o.oprcanmerge,
        o.oprcanhash), 0)
    FROM pg_operator AS o
    JOIN pg_namespace AS n ON n.oid = o.oprnamespace WHERE o.oid < 16384
    UNION ALL
    SELECT 'pg_opclass', hash_record_extended(ROW(n.nspname, o.opcname, o.opcmethod, o.opcfamily,
        o.opcintype, o.opcdefault, o.opckeytype), 0)
    FROM pg_opclass AS o
    JOIN pg_namespace AS n ON n.oid = o.opcnamespace WHERE o.oid < 16384
    UNION ALL
    SELECT 'pg_opfamily', hash_record_extended(ROW(n.nspname, o.opfname, o.opfmethod), 0)
    FROM pg_opfamily AS o
    JOIN pg_namespace AS n ON n.oid = o.opfnamespace WHERE o.oid < 16384
    UNION ALL
    SELECT 'pg_amop', hash_record_extended(ROW(o.*), 0) FROM pg_amop AS o WHERE o.oid < 16384
    UNION ALL
    SELECT 'pg_amproc', hash_record_extended(ROW(o.*), 0) FROM pg_amproc AS o WHERE o.oid < 16384
    UNION ALL
    SELECT 'pg_cast', hash_record_extended(ROW(c.*), 0) FROM pg_cast AS c WHERE c.oid < 16384
    UNION ALL
    SELECT 'pg_range', hash_record_extended(ROW(r.*), 0)
    FROM pg_range AS r WHERE r.rngtypid < 16384
    UNION ALL
    SELECT 'pg_am', hash_record_extended(ROW(m.amname, m.amhandler, m.amtype), 0)
    FROM pg_am AS m WHERE m.oid < 16384
    UNION ALL
    SELECT 'pg_language', hash_record_extended(ROW(l.lanname, l.lanispl, l.lanpltrusted,
        l.lanplcallfoid, l.laninline, l.lanvalidator), 0)
    FROM pg_language AS l
    WHERE l.oid < 16384
        AND l.oid NOT IN (SELECT oid FROM member WHERE class = 'pg_language'::regclass)
    UNION ALL
    SELECT 'pg_type', hash_record_extended(ROW(n.nspname, t.typname, t.typlen, t.typbyval,
        t.typtype, t.typcategory, t.typispreferred, t.typisdefined, t.typdelim, t.typsubscript,
        t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze,
        t.typalign, t.typstorage, t.typnotnull, t.typbasetype, t.typtypmod, t.typcollation,
        coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault)), 0)
    FROM pg_type AS t
    JOIN pg_namespace AS n ON n.oid = t.typnamespace WHERE t.oid < 16384
    UNION ALL
    SELECT 'pg_conversion', hash_record_extended(ROW(n.nspname, c.conname, c.conforencoding,
        c.contoencoding, c.conproc, c.condefault), 0)
    FROM pg_conversion AS c
    JOIN pg_namespace AS n ON n.oid = c.connamespace WHERE c.oid < 16384
    UNION ALL
    -- its version is the machine's
    SELECT 'pg_collation', hash_record_extended(ROW(n.nspname,
        to_jsonb(c) - ARRAY['oid', 'collnamespace', 'collowner', 'collversion']), 0)
    FROM pg_collation AS c
    JOIN pg_namespace AS n ON n.oid = c.collnamespace WHERE c.oid < 16384
    UNION ALL
    SELECT 'pg_ts_parser', hash_record_extended(ROW(n.nspname, p.prsname, p.prsstart, p.prstoken,
        p.prsend, p.prsheadline, p.prslextype), 0)
    FROM pg_ts_parser AS p
    JOIN pg_namespace AS n ON n.oid = p.prsnamespace WHERE p.oid < 16384
    UNION ALL
    SELECT 'pg_ts_template', hash_record_extended(ROW(n.nspname, t.tmplname, t.tmplinit::text,
        t.tmpllexize::text), 0)
    FROM pg_ts_template AS t
    JOIN pg_namespace AS n ON n.oid = t.tmplnamespace WHERE t.oid < 16384
    UNION ALL
    SELECT 'pg_ts_dict', hash_record_extended(ROW(n.nspname, d.dictname, t.tmplname,
        d.dictinitoption), 0)
    FROM pg_ts_dict AS d
    JOIN pg_ts_template AS t ON t.oid = d.dicttemplate
    JOIN pg_namespace AS n ON n.oid = d.dictnamespace WHERE d.oid < 16384
    UNION ALL
    SELECT 'pg_ts_config', hash_record_extended(ROW(n.nspname, c.cfgname, p.prsname), 0)
    FROM pg_ts_config AS c
    JOIN pg_ts_parser AS p ON p.oid = c.cfgparser
    JOIN pg_namespace AS n ON n.oid = c.cfgnamespace WHERE c.oid < 16384
    UNION ALL
    SELECT 'pg_ts_config_map', hashtextextended(concat_ws(' ', m.mapcfg::regconfig,
        m.maptokentype, m.mapseqno, m.mapdict::regdictionary), 0)
    FROM pg_ts_config_map AS m WHERE m.mapcfg < 16384
    UNION ALL
    -- the order of columns can change in these tables alone, and holes in it are invisible
    SELECT 'pg_class', hash_record_extended(ROW(c.nspname, c.relname, c.relkind,
        c.relpersistence, c.relam, c.relreplident, c.relrowsecurity, c.relforcerowsecurity,
        c.relispopulated, ARRAY(SELECT o FROM unnest(c.reloptions) AS o ORDER BY o COLLATE "C"),
        CASE WHEN c.relkind = 'r' AND c.nspname = 'information_schema' THEN ARRAY(
            SELECT a.attname FROM pg_attribute AS a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum) END), 0)
    FROM relation AS c
    UNION ALL
    SELECT 'pg_attribute', hash_record_extended(ROW(c.nspname, c.relname, a.attname,
        t.typname, a.atttypmod, a.attnotnull, a.attstorage, a.attcompression, a.attidentity,
        a.attgenerated, a.attcollation, nullif(a.attstattarget::int, -1), a.attoptions,
        CASE WHEN a.atthasdef THEN (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef AS d
            WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END), 0)
    FROM pg_attribute AS a
    JOIN relation AS c ON c.oid = a.attrelid
    JOIN pg_type AS t ON t.oid = a.atttypid
    WHERE a.attnum > 0
    UNION ALL
    SELECT 'pg_index', hash_record_extended(ROW(c.nspname, c.relname, i.indkey::int2[],
        i.indclass::oid[], i.indcollation::oid[], i.indoption::int2[], i.indisunique,
        i.indisprimary, i.indisvalid, i.indisready, i.indislive, i.indisclustered,
        i.indisreplident), 0)
    FROM pg_index AS i JOIN relation AS c ON c.oid = i.indexrelid
    UNION ALL
    SELECT 'pg_constraint', hash_record_extended(ROW(n.nspname, c.conname,
        c.conrelid::regclass::text, c.contypid::regtype::text, pg_get_constraintdef(c.oid)), 0)
    FROM pg_constraint AS c
    JOIN pg_namespace AS n ON n.oid = c.connamespace WHERE c.oid < 16384
    UNION ALL
    -- a view's text is dear; it is what initdb made where its rule is as old as its row type
    SELECT 'pg_rewrite', hash_record_extended(ROW(c.nspname, c.relname, r.rulename, r.ev_enabled,
        CASE WHEN r.xmin <> t.xmin THEN pg_get_viewdef(c.oid) END), 0)
    FROM pg_rewrite AS r
    JOIN relation AS c ON c.oid = r.ev_class
    JOIN pg_type AS t ON t.oid = c.reltype
    WHERE r.oid < 16384
) AS h
GROUP BY h.class
