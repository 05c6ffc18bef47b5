-- Text search parsers, templates, dictionaries and configurations.
SELECT i.type AS kind, i.identity, a.attribute, a.value
FROM (
    SELECT 'pg_ts_parser'::regclass::oid AS class, p.oid, v.attribute, v.value
    FROM pg_ts_parser AS p
    CROSS JOIN LATERAL (VALUES
        ('exists', 'text search parser'),
        ('start', p.prsstart::oid::regprocedure::text),
        ('token', p.prstoken::oid::regprocedure::text),
        ('end', p.prsend::oid::regprocedure::text),
        ('headline', nullif(p.prsheadline, 0)::oid::regprocedure::text),
        ('token types', p.prslextype::oid::regprocedure::text)
    ) AS v(attribute, value)
    UNION ALL
    SELECT 'pg_ts_template'::regclass, t.oid, v.attribute, v.value
    FROM pg_ts_template AS t
    CROSS JOIN LATERAL (VALUES
        ('exists', 'text search template'),
        ('init', nullif(t.tmplinit, 0)::oid::regprocedure::text),
        ('lexize', t.tmpllexize::oid::regprocedure::text)
    ) AS v(attribute, value)
    UNION ALL
    SELECT 'pg_ts_dict'::regclass, d.oid, v.attribute, v.value
    FROM pg_ts_dict AS d
    CROSS JOIN LATERAL pg_identify_object('pg_ts_template'::regclass, d.dicttemplate, 0) AS t
    CROSS JOIN LATERAL (VALUES
        ('exists', 'text search dictionary'),
        ('template', t.identity),
        ('options', d.dictinitoption)
    ) AS v(attribute, value)
    WHERE d.oid >= 16384
    UNION ALL
    SELECT 'pg_ts_config'::regclass, c.oid, v.attribute, v.value
    FROM pg_ts_config AS c
    CROSS JOIN LATERAL pg_identify_object('pg_ts_parser'::regclass, c.cfgparser, 0) AS p
    CROSS JOIN LATERAL (
        VALUES ('exists', 'text search configuration'), ('parser', p.identity)
        UNION ALL
        SELECT 'mapping ' || t.alias, string_agg(m.mapdict::regdictionary::text, ', '
            ORDER BY m.mapseqno)
        FROM pg_ts_config_map AS m
        JOIN ts_token_type(c.cfgparser) AS t ON t.tokid = m.maptokentype
        WHERE m.mapcfg = c.oid
        GROUP BY t.alias
    ) AS v(attribute, value)
    WHERE c.oid >= 16384
) AS a
CROSS JOIN LATERAL pg_identify_object(a.class, a.oid, 0) AS i
WHERE a.oid >= 16384
    AND a.value IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = a.class AND e.objid = a.oid AND e.deptype = 'e')
