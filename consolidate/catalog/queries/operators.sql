-- Operators (shells too), casts, operator classes, operator families with their members.
SELECT i.type AS kind, i.identity, a.attribute, a.value
FROM pg_operator AS o
CROSS JOIN LATERAL pg_identify_object('pg_operator'::regclass, o.oid, 0) AS i
CROSS JOIN LATERAL (
    VALUES
        ('exists', CASE WHEN o.oprcode = 0 THEN 'shell operator' ELSE 'operator' END),
        ('function', nullif(o.oprcode, 0)::regprocedure::text),
        ('result', format_type(nullif(o.oprresult, 0), NULL)),
        ('commutator', nullif(o.oprcom, 0)::regoperator::text),
        ('negator', nullif(o.oprnegate, 0)::regoperator::text),
        ('restrict', nullif(o.oprrest, 0)::regprocedure::text),
        ('join', nullif(o.oprjoin, 0)::regprocedure::text),
        ('hashes', CASE WHEN o.oprcanhash THEN 'true' END),
        ('merges', CASE WHEN o.oprcanmerge THEN 'true' END)
) AS a(attribute, value)
WHERE o.oid >= 16384
    AND a.value IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_operator'::regclass AND e.objid = o.oid AND e.deptype = 'e')
UNION ALL
SELECT i.type, i.identity, a.attribute, a.value
FROM pg_cast AS o
CROSS JOIN LATERAL pg_identify_object('pg_cast'::regclass, o.oid, 0) AS i
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'cast'),
        ('function', nullif(o.castfunc, 0)::regprocedure::text),
        ('context', CASE o.castcontext
            WHEN 'e' THEN 'explicit' WHEN 'a' THEN 'assignment' ELSE 'implicit' END),
        ('method', CASE o.castmethod
            WHEN 'f' THEN 'function' WHEN 'i' THEN 'in and out' ELSE 'binary' END)
) AS a(attribute, value)
WHERE o.oid >= 16384
    AND a.value IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_cast'::regclass AND e.objid = o.oid AND e.deptype IN ('e', 'i'))
UNION ALL
SELECT i.type, i.identity, a.attribute, a.value
FROM pg_opclass AS o
CROSS JOIN LATERAL pg_identify_object('pg_opclass'::regclass, o.oid, 0) AS i
CROSS JOIN LATERAL pg_identify_object('pg_opfamily'::regclass, o.opcfamily, 0) AS f
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'operator class'),
        ('family', f.identity),
        ('type', format_type(o.opcintype, NULL)),
        ('default', CASE WHEN o.opcdefault THEN 'true' END),
        ('storage type', format_type(nullif(o.opckeytype, 0), NULL))
) AS a(attribute, value)
WHERE o.oid >= 16384
    AND a.value IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_opclass'::regclass AND e.objid = o.oid AND e.deptype = 'e')
UNION ALL
SELECT i.type, i.identity, a.attribute, a.value
FROM (
    SELECT o.oid, 'exists' AS attribute, 'operator family' AS value
    FROM pg_opfamily AS o WHERE o.oid >= 16384
    UNION ALL
    -- members that a history added to a built-in family show up here as well
    SELECT m.amopfamily,
        format('operator %s (%s, %s)', m.amopstrategy,
            format_type(m.amoplefttype, NULL), format_type(m.amoprighttype, NULL)),
        m.amopopr::regoperator::text || CASE WHEN m.amoppurpose = 'o' THEN (
            SELECT ' for order by ' || s.identity
            FROM pg_identify_object('pg_opfamily'::regclass, m.amopsortfamily, 0) AS s)
            ELSE '' END
    FROM pg_amop AS m WHERE m.oid >= 16384
    UNION ALL
    SELECT m.amprocfamily,
        format('function %s (%s, %s)', m.amprocnum,
            format_type(m.amproclefttype, NULL), format_type(m.amprocrighttype, NULL)),
        m.amproc::oid::regprocedure::text
    FROM pg_amproc AS m WHERE m.oid >= 16384
) AS a
CROSS JOIN LATERAL pg_identify_object('pg_opfamily'::regclass, a.oid, 0) AS i
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.classid = 'pg_opfamily'::regclass AND e.objid = a.oid AND e.deptype = 'e')
