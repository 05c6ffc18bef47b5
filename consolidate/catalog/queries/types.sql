-- Enums, composites, domains, ranges, base and shell types. Row types of tables, array types
-- and multiranges come with what they belong to. Enum labels are compared by rank.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM (
    SELECT * FROM pg_type AS every
    WHERE every.oid >= 16384
        AND NOT EXISTS (SELECT FROM pg_type AS element WHERE element.typarray = every.oid)
    OFFSET 0 -- array types are many, and all else would be asked of them first
) AS t
LEFT JOIN pg_class AS c ON c.oid = t.typrelid
LEFT JOIN pg_type AS base ON base.oid = t.typbasetype
LEFT JOIN pg_range AS r ON r.rngtypid = t.oid
LEFT JOIN pg_type AS sub ON sub.oid = r.rngsubtype
LEFT JOIN LATERAL pg_identify_object('pg_opclass'::regclass, r.rngsubopc, 0) AS opc ON true
CROSS JOIN LATERAL pg_identify_object('pg_type'::regclass, t.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', CASE WHEN NOT t.typisdefined THEN 'shell type' ELSE CASE t.typtype
            WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite type' WHEN 'd' THEN 'domain'
            WHEN 'r' THEN 'range type' WHEN 'b' THEN 'base type' ELSE 'pseudo-type' END END),
        ('labels', (SELECT string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder)
            FROM pg_enum AS l WHERE l.enumtypid = t.oid)),
        ('base type', CASE WHEN t.typtype = 'd'
            THEN format_type(t.typbasetype, t.typtypmod) END),
        ('not null', CASE WHEN t.typnotnull THEN 'true' END),
        ('default', coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault)),
        ('collation', CASE WHEN t.typcollation <> coalesce(base.typcollation, 0)
            THEN t.typcollation::regcollation::text END),
        ('subtype', format_type(r.rngsubtype, NULL)),
        ('subtype operator class', opc.identity),
        ('subtype collation', CASE WHEN r.rngcollation <> sub.typcollation
            THEN r.rngcollation::regcollation::text END),
        ('canonical function', nullif(r.rngcanonical, 0)::regprocedure::text),
        ('difference function', nullif(r.rngsubdiff, 0)::regprocedure::text),
        ('multirange type', format_type(nullif(r.rngmultitypid, 0), NULL))
    UNION ALL
    SELECT b.attribute, b.value
    FROM (VALUES
        ('input function', nullif(t.typinput, 0)::regprocedure::text),
        ('output function', nullif(t.typoutput, 0)::regprocedure::text),
        ('receive function', nullif(t.typreceive, 0)::regprocedure::text),
        ('send function', nullif(t.typsend, 0)::regprocedure::text),
        ('modifier input function', nullif(t.typmodin, 0)::regprocedure::text),
        ('modifier output function', nullif(t.typmodout, 0)::regprocedure::text),
        ('analyze function', nullif(t.typanalyze, 0)::regprocedure::text),
        ('subscript function', nullif(t.typsubscript, 0)::regprocedure::text),
        ('length', t.typlen::text),
        ('by value', t.typbyval::text),
        ('alignment', t.typalign::text),
        ('storage', t.typstorage::text),
        ('category', t.typcategory::text),
        ('preferred', t.typispreferred::text),
        ('delimiter', t.typdelim::text),
        ('element', format_type(nullif(t.typelem, 0), NULL))
    ) AS b(attribute, value)
    WHERE t.typtype = 'b' AND t.typisdefined
) AS a(attribute, value)
WHERE (c.relkind IS NULL OR c.relkind = 'c')
    AND t.typtype <> 'm'
    AND a.value IS NOT NULL
    AND t.typnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\_temp\_%')
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
