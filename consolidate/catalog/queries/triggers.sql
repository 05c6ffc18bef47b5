-- Triggers on tables and views (the copies on partitions too), and event triggers.
-- The internal triggers of foreign keys have OIDs in their names: see constraints.sql.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_trigger AS t
CROSS JOIN LATERAL pg_identify_object('pg_trigger'::regclass, t.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'trigger'),
        ('definition', pg_get_triggerdef(t.oid)),
        ('inherited', CASE WHEN t.tgparentid <> 0 THEN 'true' END),
        ('enabled', CASE t.tgenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled'
            WHEN 'R' THEN 'replica' ELSE 'always' END)
) AS a(attribute, value)
WHERE NOT t.tgisinternal
    AND a.value IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_class AS r WHERE r.oid = t.tgrelid AND r.relpersistence = 't')
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_trigger'::regclass AND e.objid = t.oid AND e.deptype = 'e')
UNION ALL
SELECT o.type, o.identity, a.attribute, a.value
FROM pg_event_trigger AS t
CROSS JOIN LATERAL pg_identify_object('pg_event_trigger'::regclass, t.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'event trigger'),
        ('event', t.evtevent::text),
        ('tags', (SELECT string_agg(tag, ', ' ORDER BY tag COLLATE "C")
            FROM unnest(t.evttags) AS tag)),
        ('function', t.evtfoid::regprocedure::text),
        ('enabled', CASE t.evtenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled'
            WHEN 'R' THEN 'replica' ELSE 'always' END)
) AS a(attribute, value)
WHERE a.value IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_event_trigger'::regclass AND e.objid = t.oid AND e.deptype = 'e')
