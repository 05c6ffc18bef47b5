-- Sequences, those of identity columns included; their position is data, not structure.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_sequence AS q
JOIN pg_class AS c ON c.oid = q.seqrelid
LEFT JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
    AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
LEFT JOIN LATERAL pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid) AS owned ON true
CROSS JOIN LATERAL pg_identify_object('pg_class'::regclass, c.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'sequence'),
        ('type', format_type(q.seqtypid, NULL)),
        ('start', q.seqstart::text),
        ('increment', q.seqincrement::text),
        ('minimum', q.seqmin::text),
        ('maximum', q.seqmax::text),
        ('cache', q.seqcache::text),
        ('cycle', CASE WHEN q.seqcycle THEN 'true' END),
        ('unlogged', CASE WHEN c.relpersistence = 'u' THEN 'true' END),
        ('owned by', CASE d.deptype WHEN 'a' THEN owned.identity END),
        ('identity of', CASE d.deptype WHEN 'i' THEN owned.identity END)
) AS a(attribute, value)
WHERE c.oid >= 16384
    AND c.relpersistence <> 't'
    AND a.value IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
            AND e.objsubid = 0 AND e.deptype = 'e')
