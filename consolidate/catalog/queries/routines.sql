-- Functions, procedures, window functions and aggregates. pg_get_functiondef() is taken apart:
-- so a changed cost is not reported as a changed body, and SET clauses have no order.
SELECT o.type AS kind, o.identity, a.attribute, a.value
FROM pg_proc AS p
JOIN pg_language AS l ON l.oid = p.prolang
CROSS JOIN LATERAL pg_identify_object('pg_proc'::regclass, p.oid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('exists', CASE p.prokind WHEN 'f' THEN 'function' WHEN 'p' THEN 'procedure'
            WHEN 'a' THEN 'aggregate' ELSE 'window function' END),
        ('arguments', pg_get_function_arguments(p.oid)),
        ('result', pg_get_function_result(p.oid)),
        ('language', quote_ident(l.lanname)),
        ('body', CASE WHEN p.prokind <> 'a'
            THEN coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) END),
        -- a text of the same words is another function
        ('parsed body', CASE WHEN p.prosqlbody IS NOT NULL THEN 'true' END),
        ('library', p.probin),
        ('volatility', CASE p.provolatile
            WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END),
        ('parallel', CASE p.proparallel
            WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END),
        ('strict', CASE WHEN p.proisstrict THEN 'true' END),
        ('security definer', CASE WHEN p.prosecdef THEN 'true' END),
        ('leakproof', CASE WHEN p.proleakproof THEN 'true' END),
        ('cost', p.procost::text),
        ('rows', CASE WHEN p.proretset THEN p.prorows::text END),
        ('support', CASE WHEN p.prosupport <> 0 THEN p.prosupport::regprocedure::text END),
        ('transforms', (SELECT string_agg(format_type(t, NULL), ', ' ORDER BY n)
            FROM unnest(p.protrftypes) WITH ORDINALITY AS u(t, n)))
    UNION ALL
    SELECT 'setting ' || split_part(s, '=', 1), substr(s, strpos(s, '=') + 1)
    FROM unnest(p.proconfig) AS s
) AS a(attribute, value)
WHERE p.oid >= 16384
    AND a.value IS NOT NULL
    AND p.pronamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\_temp\_%')
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
UNION ALL
SELECT o.type, o.identity, a.attribute, a.value
FROM pg_aggregate AS g
CROSS JOIN LATERAL pg_identify_object('pg_proc'::regclass, g.aggfnoid, 0) AS o
CROSS JOIN LATERAL (
    VALUES
        ('aggregate kind', CASE g.aggkind WHEN 'n' THEN 'normal' WHEN 'o' THEN 'ordered-set'
            ELSE 'hypothetical-set' END),
        ('direct arguments', nullif(g.aggnumdirectargs, 0)::text),
        ('state function', nullif(g.aggtransfn, 0)::regprocedure::text),
        ('final function', nullif(g.aggfinalfn, 0)::regprocedure::text),
        ('combine function', nullif(g.aggcombinefn, 0)::regprocedure::text),
        ('serial function', nullif(g.aggserialfn, 0)::regprocedure::text),
        ('deserial function', nullif(g.aggdeserialfn, 0)::regprocedure::text),
        ('moving state function', nullif(g.aggmtransfn, 0)::regprocedure::text),
        ('moving inverse function', nullif(g.aggminvtransfn, 0)::regprocedure::text),
        ('moving final function', nullif(g.aggmfinalfn, 0)::regprocedure::text),
        ('final function extra', CASE WHEN g.aggfinalextra THEN 'true' END),
        ('moving final function extra', CASE WHEN g.aggmfinalextra THEN 'true' END),
        ('final function modify', g.aggfinalmodify::text),
        ('moving final function modify', g.aggmfinalmodify::text),
        ('sort operator', nullif(g.aggsortop, 0)::regoperator::text),
        ('state type', format_type(nullif(g.aggtranstype, 0), NULL)),
        ('moving state type', format_type(nullif(g.aggmtranstype, 0), NULL)),
        ('state size', nullif(g.aggtransspace, 0)::text),
        ('moving state size', nullif(g.aggmtransspace, 0)::text),
        ('initial state', g.agginitval),
        ('moving initial state', g.aggminitval)
) AS a(attribute, value)
WHERE g.aggfnoid >= 16384::oid
    AND a.value IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_proc'::regclass AND e.objid = g.aggfnoid AND e.deptype = 'e')
