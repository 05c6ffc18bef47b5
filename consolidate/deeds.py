"""What each statement of a replay really did to objects, seen in the catalogs after it.

Event triggers tell which objects a command altered, but neither a constraint nor an index that came
along, nor a row that a function wrote. So the catalogs are looked at after every statement: what is
there and was not is created, what is not there any more is dropped, and what bears another name is
renamed, whoever did it and however deep inside a DO block or a function.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consolidate.model import ObjectId, StatementId

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

_NAMED = (
    *("pg_extension", "pg_event_trigger", "pg_publication", "pg_publication_rel"),
    *("pg_publication_namespace", "pg_cast", "pg_language", "pg_transform", "pg_am"),
    *("pg_foreign_data_wrapper", "pg_foreign_server", "pg_user_mapping", "pg_default_acl"),
)
"""Catalogs of which every row is an object that somebody made."""

_IN_SCHEMA = {
    "pg_collation": "collnamespace",
    "pg_conversion": "connamespace",
    "pg_opclass": "opcnamespace",
    "pg_operator": "oprnamespace",
    "pg_opfamily": "opfnamespace",
    "pg_proc": "pronamespace",
    "pg_statistic_ext": "stxnamespace",
    "pg_ts_config": "cfgnamespace",
    "pg_ts_dict": "dictnamespace",
    "pg_ts_parser": "prsnamespace",
    "pg_ts_template": "tmplnamespace",
}
"""Likewise, with the column that has their schema."""

_FIRST = 16384
"""`FirstNormalObjectId`: what `initdb` makes has smaller OIDs, and so have the schema public
and the superuser that it makes."""
_OURS_TOO = (10, 2200)

_CLASS = ", ".join(
    f"c.{column}"
    for column in (
        *("relnamespace", "relname", "relowner", "relacl", "reloptions", "relrowsecurity"),
        *("relforcerowsecurity", "relreplident", "relpersistence", "reltablespace", "relam"),
        *("relispartition", "relnatts", "relchecks", "reloftype"),
    )
)
"""What a relation's row says of the relation; the rest is told by other rows, or is about files."""

_OF_RELATIONS = f"""
SELECT 'pg_class'::regclass::oid AS class, c.oid AS object, 0 AS sub, concat_ws(' ', {_CLASS},
    (SELECT r.xmin FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename = '_RETURN'),
    (SELECT i.xmin FROM pg_index i WHERE i.indexrelid = c.oid),
    (SELECT s.xmin FROM pg_sequence s WHERE s.seqrelid = c.oid),
    (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = c.oid)) AS mark
FROM relations c
UNION ALL
SELECT 'pg_class'::regclass, a.attrelid, a.attnum, a.xmin::text
FROM relations c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c', 'f') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'pg_attrdef'::regclass, d.oid, 0, d.xmin::text
FROM relations c JOIN pg_attrdef d ON d.adrelid = c.oid
UNION ALL
SELECT 'pg_trigger'::regclass, t.oid, 0, t.xmin::text
FROM relations c JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'pg_policy'::regclass, p.oid, 0, p.xmin::text
FROM relations c JOIN pg_policy p ON p.polrelid = c.oid
UNION ALL
SELECT 'pg_rewrite'::regclass, r.oid, 0, r.xmin::text
FROM relations c JOIN pg_rewrite r ON r.ev_class = c.oid WHERE r.rulename <> '_RETURN'
UNION ALL
SELECT 'pg_constraint'::regclass, k.oid, 0, k.xmin::text
FROM pg_constraint k JOIN schemas s ON s.oid = k.connamespace
WHERE (k.conrelid = 0 OR k.conrelid IN (SELECT oid FROM relations))
    AND NOT EXISTS (
        SELECT FROM pg_constraint p WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid)
UNION ALL
SELECT 'pg_type'::regclass, t.oid, 0, concat_ws(' ', t.xmin,
    (SELECT string_agg(e.xmin::text, ' ') FROM pg_enum e WHERE e.enumtypid = t.oid))
FROM pg_type t JOIN schemas s ON s.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typtype <> 'm' AND (c.oid IS NULL OR c.relkind = 'c')
    AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
UNION ALL
SELECT 'pg_namespace'::regclass, n.oid, 0, n.xmin::text
FROM pg_namespace n JOIN schemas s ON s.oid = n.oid
UNION ALL
SELECT 'pg_authid'::regclass, r.oid, 0, concat_ws(' ', r.xmin,
    (SELECT string_agg(m.xmin::text, ' ') FROM pg_auth_members m WHERE m.member = r.oid),
    (SELECT string_agg(d.xmin::text, ' ') FROM pg_db_role_setting d WHERE d.setrole = r.oid))
FROM pg_authid r
"""


def _followed() -> str:
    """The view of all objects that a history can make, without what extensions bring along."""
    parts = [
        f"SELECT '{catalog}'::regclass, t.oid, 0, t.xmin::text FROM {catalog} t"
        for catalog in _NAMED
    ]
    parts += [
        f"SELECT '{catalog}'::regclass, t.oid, 0, t.xmin::text "
        f"FROM {catalog} t JOIN schemas s ON s.oid = t.{column}"
        for catalog, column in _IN_SCHEMA.items()
    ]
    return f"""
CREATE VIEW consolidate_trace.followed AS
WITH schemas AS (
    SELECT oid FROM pg_namespace
    WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'consolidate_trace')
        AND nspname !~ '^pg_(toast|temp)'),
brought AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
relations AS (
    SELECT c.*
    FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE NOT EXISTS (
        SELECT FROM brought b
        WHERE b.classid = 'pg_class'::regclass AND b.objid IN (c.oid, i.indrelid)
            OR b.classid = 'pg_type'::regclass AND b.objid = c.reltype)),
everything AS ({_OF_RELATIONS} UNION ALL {" UNION ALL ".join(parts)})
SELECT e.* FROM everything e
WHERE (e.object >= {_FIRST} OR e.object IN {_OURS_TOO})
    AND (e.class, e.object) NOT IN (SELECT classid, objid FROM brought)
"""


INSTALL = f"""
SET search_path = pg_catalog;
{_followed()};
RESET search_path;
CREATE TABLE consolidate_trace.known (
    class oid, object oid, sub integer, mark text, kind text, identity text,
    PRIMARY KEY (class, object, sub));
CREATE TABLE consolidate_trace.deeds (
    number integer GENERATED ALWAYS AS IDENTITY, statement text, what text, kind text,
    identity text, before text);
CREATE FUNCTION consolidate_trace.look(at text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    one record;
    renamed boolean := false;
BEGIN
    FOR one IN
        SELECT class, object, sub, f.mark, k.mark AS marked, k.kind, k.identity,
               i.type AS type, i.identity AS now
        FROM consolidate_trace.known k FULL JOIN consolidate_trace.followed f
            USING (class, object, sub)
        LEFT JOIN LATERAL pg_identify_object(class, object, sub) i ON f.mark IS NOT NULL
        WHERE f.mark IS NULL OR k.mark IS NULL OR f.mark <> k.mark
    LOOP
        IF one.mark IS NULL THEN
            DELETE FROM consolidate_trace.known
            WHERE class = one.class AND object = one.object AND sub = one.sub;
            INSERT INTO consolidate_trace.deeds (statement, what, kind, identity)
            VALUES (at, 'dropped', one.kind, one.identity);
        ELSIF one.marked IS NULL THEN
            INSERT INTO consolidate_trace.known
            VALUES (one.class, one.object, one.sub, one.mark, one.type, one.now);
            INSERT INTO consolidate_trace.deeds (statement, what, kind, identity)
            VALUES (at, 'created', one.type, one.now);
        ELSE
            UPDATE consolidate_trace.known SET mark = one.mark
            WHERE class = one.class AND object = one.object AND sub = one.sub;
            INSERT INTO consolidate_trace.deeds (statement, what, kind, identity)
            VALUES (at, 'written', one.type, one.now);
            renamed := renamed OR one.identity <> one.now;
        END IF;
    END LOOP;
    IF renamed THEN
        WITH named AS (
            SELECT k.class, k.object, k.sub, k.kind, k.identity AS before, i.identity AS now
            FROM consolidate_trace.known k, pg_identify_object(k.class, k.object, k.sub) i
            WHERE k.identity <> i.identity),
        taken AS (
            UPDATE consolidate_trace.known k SET identity = n.now FROM named n
            WHERE (k.class, k.object, k.sub) = (n.class, n.object, n.sub))
        INSERT INTO consolidate_trace.deeds (statement, what, kind, identity, before)
        SELECT at, 'renamed', kind, now, before FROM named;
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION consolidate_trace.look TO PUBLIC;
SELECT consolidate_trace.look('');
"""
"""Begins to look; the schema of the instruments is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What one statement really did."""

    created: frozenset[ObjectId] = field(default_factory=frozenset)
    dropped: frozenset[ObjectId] = field(default_factory=frozenset)
    remade: frozenset[ObjectId] = field(default_factory=frozenset)
    """What was dropped and made again under its name, as the indexes of a column whose type
    changes; it is in neither of the other two."""
    renamed: frozenset[tuple[ObjectId, ObjectId]] = field(default_factory=frozenset)
    """Old and new name."""
    written: frozenset[ObjectId] = field(default_factory=frozenset)
    """Whose own row in the catalogs is another one afterwards, by the names after it."""
    commanded: frozenset[ObjectId] = field(default_factory=frozenset)
    """What an event trigger saw a command make, replace or alter; also where that changed nothing,
    as `ADD COLUMN IF NOT EXISTS`. It sees neither rights nor what belongs to a whole server."""
    described: frozenset[ObjectId] = field(default_factory=frozenset)
    """What an event trigger saw a command comment or label."""
    watched: bool = False
    """Whether an event trigger saw anything, be it that rows were stored anew."""


_READ = """
SELECT statement, what, kind, identity, coalesce(before, identity)
FROM consolidate_trace.deeds WHERE statement <> ''
UNION ALL
SELECT statement, CASE WHEN dropped OR tag IN ('REINDEX', 'CLUSTER', 'REFRESH MATERIALIZED VIEW')
                       THEN 'watched'
                       WHEN tag IN ('COMMENT', 'SECURITY LABEL') THEN 'described'
                       ELSE 'commanded' END, kind, identity, identity
FROM consolidate_trace.touched WHERE statement <> '' AND NOT extension
"""


def read(connection: psycopg.Connection) -> Mapping[StatementId, Deed]:
    """The deeds of all statements that did something, once the replay is over."""
    found: dict[str, dict[str, set[tuple[ObjectId, ObjectId]]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for statement, what, kind, identity, before in connection.execute(_READ):
        found[statement][what].add((ObjectId(kind, before), ObjectId(kind, identity)))
    return {StatementId(statement): _deed(done) for statement, done in sorted(found.items())}


def _deed(done: Mapping[str, set[tuple[ObjectId, ObjectId]]]) -> Deed:
    def named(what: str) -> frozenset[ObjectId]:
        return frozenset(now for _, now in done.get(what, ()))

    return Deed(
        created=named("created") - named("dropped"),
        dropped=named("dropped") - named("created"),
        remade=named("dropped") & named("created"),
        renamed=frozenset(done.get("renamed", ())),
        written=named("written"),
        commanded=named("commanded"),
        described=named("described"),
        watched=not done.keys().isdisjoint({"watched", "commanded", "described"}),
    )
