-- What the members of extensions are, one digest per extension and catalog, for a history may
-- alter them. Their functions, columns and comments are digests in extensions.sql; triggers,
-- policies and labels on them, their rights and their owners are facts of their own.
WITH member AS (
    SELECT refobjid AS extension, classid, objid
    FROM pg_depend
    WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' AND objsubid = 0
), relation AS (
    SELECT m.extension, c.* FROM member AS m
    JOIN pg_class AS c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid
), type AS (
    SELECT m.extension, t.* FROM member AS m
    JOIN pg_type AS t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
), described(extension, class, text) AS (
    SELECT c.extension, 'pg_class'::regclass, concat_ws(' ', c.oid::regclass, c.relkind,
        c.relpersistence, (SELECT amname FROM pg_am WHERE oid = c.relam), c.relreplident,
        c.relrowsecurity, c.relforcerowsecurity, c.relispopulated,
        pg_get_expr(c.relpartbound, c.oid),
        CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
        (SELECT string_agg(o, ' ' ORDER BY o COLLATE "C") FROM unnest(c.reloptions) AS o),
        (SELECT string_agg(h.inhparent::regclass::text, ' ' ORDER BY h.inhseqno)
            FROM pg_inherits AS h WHERE h.inhrelid = c.oid))
    FROM relation AS c
    UNION ALL
    SELECT c.extension, 'pg_index'::regclass, concat_ws(' ', pg_get_indexdef(i.indexrelid),
        i.indisvalid, i.indisclustered, i.indisreplident)
    FROM relation AS c JOIN pg_index AS i ON i.indrelid = c.oid
    UNION ALL
    SELECT coalesce(c.extension, t.extension), 'pg_constraint'::regclass, concat_ws(' ',
        k.conrelid::regclass, k.contypid::regtype, k.conname, pg_get_constraintdef(k.oid))
    FROM pg_constraint AS k
    LEFT JOIN relation AS c ON c.oid = k.conrelid
    LEFT JOIN type AS t ON t.oid = k.contypid
    WHERE coalesce(c.extension, t.extension) IS NOT NULL
    UNION ALL
    SELECT c.extension, 'pg_rewrite'::regclass, pg_get_ruledef(r.oid) || r.ev_enabled::text
    FROM relation AS c
    JOIN pg_rewrite AS r ON r.ev_class = c.oid AND r.rulename <> '_RETURN'
    UNION ALL
    SELECT c.extension, 'pg_sequence'::regclass, concat_ws(' ', c.oid::regclass,
        q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle)
    FROM relation AS c JOIN pg_sequence AS q ON q.seqrelid = c.oid
    UNION ALL
    SELECT t.extension, 'pg_type'::regclass, concat_ws(' ', t.oid::regtype, t.typlen, t.typbyval,
        t.typtype, t.typcategory, t.typispreferred, t.typisdefined, t.typdelim, t.typinput,
        t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze, t.typsubscript,
        t.typalign, t.typstorage, t.typnotnull, format_type(nullif(t.typbasetype, 0), t.typtypmod),
        t.typcollation::regcollation, t.typdefault,
        (SELECT string_agg(quote_literal(l.enumlabel), ' ' ORDER BY l.enumsortorder)
            FROM pg_enum AS l WHERE l.enumtypid = t.oid),
        (SELECT concat_ws(' ', r.rngsubtype::regtype, r.rngcollation::regcollation, r.rngcanonical,
                r.rngsubdiff, r.rngmultitypid::regtype)
            FROM pg_range AS r WHERE r.rngtypid = t.oid))
    FROM type AS t
    UNION ALL
    SELECT m.extension, m.classid, concat_ws(' ', g.aggfnoid::regprocedure, g.aggkind,
        g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggserialfn, g.aggdeserialfn, g.aggmtransfn,
        g.aggminvtransfn, g.aggmfinalfn, g.aggfinalextra, g.aggmfinalextra, g.aggfinalmodify,
        g.aggmfinalmodify, g.aggsortop::regoperator, g.aggtranstype::regtype, g.aggtransspace,
        g.aggmtranstype::regtype, g.aggmtransspace, g.agginitval, g.aggminitval)
    FROM member AS m
    JOIN pg_aggregate AS g ON m.classid = 'pg_proc'::regclass AND g.aggfnoid = m.objid
    UNION ALL
    SELECT m.extension, m.classid, concat_ws(' ', o.oid::regoperator, o.oprresult::regtype,
        o.oprcom::regoperator, o.oprnegate::regoperator, o.oprcode, o.oprrest, o.oprjoin,
        o.oprcanhash, o.oprcanmerge)
    FROM member AS m
    JOIN pg_operator AS o ON m.classid = 'pg_operator'::regclass AND o.oid = m.objid
    UNION ALL
    SELECT m.extension, m.classid, concat_ws(' ', c.castsource::regtype, c.casttarget::regtype,
        c.castfunc::regprocedure, c.castcontext, c.castmethod)
    FROM member AS m JOIN pg_cast AS c ON m.classid = 'pg_cast'::regclass AND c.oid = m.objid
    UNION ALL
    SELECT m.extension, m.classid, concat_ws(' ', i.identity, o.opcintype::regtype, o.opcdefault,
        o.opckeytype::regtype)
    FROM member AS m
    JOIN pg_opclass AS o ON m.classid = 'pg_opclass'::regclass AND o.oid = m.objid
    CROSS JOIN LATERAL pg_identify_object(m.classid, m.objid, 0) AS i
    UNION ALL
    SELECT m.extension, m.classid, concat_ws(' ', i.identity, a.amopstrategy,
        a.amoplefttype::regtype, a.amoprighttype::regtype, a.amopopr::regoperator, a.amoppurpose)
    FROM member AS m
    JOIN pg_amop AS a ON m.classid = 'pg_opfamily'::regclass AND a.amopfamily = m.objid
    CROSS JOIN LATERAL pg_identify_object(m.classid, m.objid, 0) AS i
    UNION ALL
    SELECT m.extension, m.classid, concat_ws(' ', i.identity, a.amprocnum,
        a.amproclefttype::regtype, a.amprocrighttype::regtype, a.amproc::regprocedure)
    FROM member AS m
    JOIN pg_amproc AS a ON m.classid = 'pg_opfamily'::regclass AND a.amprocfamily = m.objid
    CROSS JOIN LATERAL pg_identify_object(m.classid, m.objid, 0) AS i
    UNION ALL
    SELECT m.extension, m.classid, concat_ws(' ', l.lanname, l.lanpltrusted,
        l.lanplcallfoid::regprocedure, l.laninline::regprocedure, l.lanvalidator::regprocedure)
    FROM member AS m
    JOIN pg_language AS l ON m.classid = 'pg_language'::regclass AND l.oid = m.objid
    UNION ALL
    SELECT m.extension, m.classid, concat_ws(' ', w.fdwname, w.fdwhandler::regprocedure,
        w.fdwvalidator::regprocedure,
        (SELECT string_agg(o, ' ' ORDER BY o COLLATE "C") FROM unnest(w.fdwoptions) AS o))
    FROM member AS m
    JOIN pg_foreign_data_wrapper AS w
        ON m.classid = 'pg_foreign_data_wrapper'::regclass AND w.oid = m.objid
    UNION ALL
    SELECT m.extension, m.classid, concat_ws(' ', s.srvname, s.srvtype, s.srvversion,
        (SELECT string_agg(o, ' ' ORDER BY o COLLATE "C") FROM unnest(s.srvoptions) AS o))
    FROM member AS m
    JOIN pg_foreign_server AS s ON m.classid = 'pg_foreign_server'::regclass AND s.oid = m.objid
    UNION ALL
    SELECT m.extension, m.classid, concat_ws(' ', d.oid::regdictionary, d.dictinitoption)
    FROM member AS m JOIN pg_ts_dict AS d ON m.classid = 'pg_ts_dict'::regclass AND d.oid = m.objid
    UNION ALL
    SELECT m.extension, m.classid, concat_ws(' ', c.mapcfg::regconfig, c.maptokentype, c.mapseqno,
        c.mapdict::regdictionary)
    FROM member AS m
    JOIN pg_ts_config_map AS c ON m.classid = 'pg_ts_config'::regclass AND c.mapcfg = m.objid
    UNION ALL
    SELECT m.extension, m.classid, concat_ws(' ', t.evtname, t.evtevent, t.evtfoid::regprocedure,
        t.evtenabled, t.evttags)
    FROM member AS m
    JOIN pg_event_trigger AS t ON m.classid = 'pg_event_trigger'::regclass AND t.oid = m.objid
)
SELECT o.type AS kind, o.identity, 'members in ' || d.class::text AS attribute,
    count(*) || ' md5 ' || md5(string_agg(d.text, E'\n' ORDER BY d.text COLLATE "C")) AS value
FROM described AS d
CROSS JOIN LATERAL pg_identify_object('pg_extension'::regclass, d.extension, 0) AS o
GROUP BY o.type, o.identity, d.class
