-- Publications with their tables and schemas; subscriptions of this database only, for
-- pg_subscription is shared by the whole cluster.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_publication AS p
CROSS JOIN LATERAL pg_identify_object('pg_publication'::regclass, p.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'publication'),
        ('all tables', CASE WHEN p.puballtables THEN 'true' END),
        ('publish', concat_ws(', ',
            CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
            CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)),
        ('via root', CASE WHEN p.pubviaroot THEN 'true' END),
        -- since 18
        ('generated columns', nullif(to_jsonb(p) ->> 'pubgencols', 'n'))
) AS a(attribute, value)
WHERE a.value IS NOT NULL
UNION ALL
SELECT o.type, o.identity, a.attribute, a.value
FROM pg_publication_rel AS r
CROSS JOIN LATERAL pg_identify_object('pg_publication_rel'::regclass, r.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'published table'),
        ('row filter', pg_get_expr(r.prqual, r.prrelid)),
        ('columns', (SELECT string_agg(quote_ident(t.attname), ', ' ORDER BY t.attnum)
            FROM pg_attribute AS t
            WHERE t.attrelid = r.prrelid AND t.attnum = ANY (r.prattrs::int2[])))
) AS a(attribute, value)
WHERE a.value IS NOT NULL
UNION ALL
SELECT o.type, o.identity, 'exists', 'published schema'
FROM pg_publication_namespace AS n
CROSS JOIN LATERAL pg_identify_object('pg_publication_namespace'::regclass, n.oid, 0) AS o
UNION ALL
SELECT o.type, o.identity, a.attribute, a.value
FROM pg_subscription AS s
CROSS JOIN LATERAL pg_identify_object('pg_subscription'::regclass, s.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', 'subscription'),
        ('connection', 'md5 ' || md5(s.subconninfo)),
        ('publications', (SELECT string_agg(quote_ident(p), ', ' ORDER BY p COLLATE "C")
            FROM unnest(s.subpublications) AS p))
    UNION ALL
    SELECT substr(f.key, 4), f.value
    FROM jsonb_each_text(to_jsonb(s) - ARRAY['oid', 'subdbid', 'subname', 'subowner',
        'subconninfo', 'subpublications', 'subskiplsn']) AS f
) AS a(attribute, value)
WHERE s.subdbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    AND a.value IS NOT NULL
