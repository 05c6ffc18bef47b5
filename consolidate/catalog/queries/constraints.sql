-- Constraints of tables and domains. The definition already says NOT VALID, NOT ENFORCED,
-- DEFERRABLE and NO INHERIT. A foreign key to (not on) a partitioned table has one hidden
-- copy per partition, with a name of the server's making: those are counted, not named.
WITH silenced AS MATERIALIZED (
    -- DISABLE TRIGGER ALL turns foreign keys off, and no definition shows it
    SELECT t.tgconstraint AS constraint_oid,
        'internal trigger ' || t.tgfoid::regproc::text || ' on '
            || t.tgrelid::regclass::text AS attribute,
        CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' ELSE 'always' END
            AS value
    FROM pg_trigger AS t
    WHERE t.tgisinternal AND t.tgenabled <> 'O'
)
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_constraint AS c
LEFT JOIN pg_constraint AS parent ON parent.oid = c.conparentid
CROSS JOIN LATERAL pg_identify_object('pg_constraint'::regclass, c.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', CASE c.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique'
            WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclude'
            WHEN 'n' THEN 'not null' ELSE 'constraint trigger' END),
        ('definition', pg_get_constraintdef(c.oid)),
        ('not local', CASE WHEN NOT c.conislocal THEN 'true' END),
        ('inherited', CASE WHEN c.coninhcount > 0 THEN c.coninhcount::text END),
        ('parent', parent.conname::text),
        ('supporting index', CASE WHEN c.contype = 'f' THEN c.conindid::regclass::text END),
        ('copies', (
            SELECT string_agg(copy.confrelid::regclass::text, ', '
                ORDER BY copy.confrelid::regclass::text COLLATE "C")
            FROM pg_constraint AS copy
            WHERE c.contype = 'f' AND copy.conparentid = c.oid AND copy.conrelid = c.conrelid))
    UNION ALL
    SELECT s.attribute, s.value FROM silenced AS s WHERE s.constraint_oid = c.oid
) AS a(attribute, value)
WHERE c.oid >= 16384
    AND a.value IS NOT NULL
    AND (parent.oid IS NULL OR parent.conrelid <> c.conrelid)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.deptype = 'e' AND e.objsubid = 0
            AND (e.classid, e.objid) IN (
                ('pg_class'::regclass, c.conrelid), ('pg_type'::regclass, c.contypid)))
    AND NOT EXISTS (
        SELECT FROM pg_class AS r WHERE r.oid = c.conrelid AND r.relpersistence = 't')
    AND NOT EXISTS (
        SELECT FROM pg_type AS t
        JOIN pg_namespace AS n ON n.oid = t.typnamespace
        WHERE t.oid = c.contypid AND n.nspname LIKE 'pg\_temp\_%')
