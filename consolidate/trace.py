"""Replays the legacy history once more with instruments, to learn which statement did what.

Three instruments, none of which needs to understand SQL: a large object created before each
statement marks an OID, so that the OID of any object tells the statement that *created* it; each
statement runs in a subtransaction of its own, so that the `xmin` of any catalog row tells the
statement that *last wrote* it; and event triggers, which only a superuser may make, name every
object that a statement altered or dropped, inside DO blocks too. A fourth is there for those who
ask for it, since it takes its time: `deeds` looks at the catalogs after every statement. What is
learnt explains; nothing is ever proven on this database.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from psycopg import sql

from consolidate import deeds
from consolidate.catalog.privileges import is_superuser
from consolidate.model import Manner, ObjectId, Statement, StatementId
from consolidate.names import literal
from consolidate.replay import execute, replay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

    from consolidate.deeds import Deed

_T = TypeVar("_T")

_INSTALL = """
CREATE SCHEMA consolidate_trace;
GRANT USAGE ON SCHEMA consolidate_trace TO PUBLIC;
CREATE TABLE consolidate_trace.entered (
    number integer GENERATED ALWAYS AS IDENTITY, statement text, marker oid,
    search_path text, role text);
CREATE TABLE consolidate_trace.touched (
    number integer GENERATED ALWAYS AS IDENTITY, statement text, tag text, class oid, object oid,
    kind text, identity text, dropped boolean, extension boolean);
CREATE FUNCTION consolidate_trace.enter(statement text, search_path text, role text)
RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
    INSERT INTO consolidate_trace.entered (statement, marker, search_path, role)
    VALUES ($1, pg_catalog.lo_create(0), $2, $3) $$;
"""

_WATCH = """
CREATE FUNCTION consolidate_trace.ended() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO consolidate_trace.touched (statement, tag, class, object, kind, identity, dropped,
        extension)
    SELECT pg_catalog.current_setting('consolidate.statement', true), c.command_tag, c.classid,
           c.objid, c.object_type, c.object_identity, false, c.in_extension
    FROM pg_catalog.pg_event_trigger_ddl_commands() c WHERE c.objid IS NOT NULL;
END $$;
CREATE FUNCTION consolidate_trace.dropped() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO consolidate_trace.touched (statement, tag, class, object, kind, identity, dropped,
        extension)
    SELECT pg_catalog.current_setting('consolidate.statement', true), 'DROP', d.classid, d.objid,
           d.object_type, d.object_identity, true, false
    FROM pg_catalog.pg_event_trigger_dropped_objects() d WHERE d.objsubid = 0;
END $$;
CREATE EVENT TRIGGER consolidate_trace_ended ON ddl_command_end
    EXECUTE FUNCTION consolidate_trace.ended();
CREATE EVENT TRIGGER consolidate_trace_dropped ON sql_drop
    EXECUTE FUNCTION consolidate_trace.dropped();
"""

_CATALOGS = (
    *("pg_authid", "pg_namespace", "pg_extension", "pg_class", "pg_attrdef", "pg_constraint"),
    *("pg_type", "pg_proc", "pg_trigger", "pg_policy", "pg_rewrite", "pg_statistic_ext"),
    *("pg_event_trigger", "pg_publication", "pg_publication_rel", "pg_publication_namespace"),
    *("pg_cast", "pg_operator", "pg_opclass", "pg_opfamily", "pg_collation", "pg_conversion"),
    *("pg_language", "pg_transform", "pg_am", "pg_default_acl", "pg_ts_config", "pg_ts_dict"),
    *("pg_ts_parser", "pg_ts_template", "pg_foreign_data_wrapper", "pg_foreign_server"),
    *("pg_user_mapping", "pg_subscription"),
)
"""Catalogs whose rows have an OID that `pg_identify_object()` understands."""

_SCHEMA = {
    "pg_class": "relnamespace",
    "pg_collation": "collnamespace",
    "pg_conversion": "connamespace",
    "pg_opclass": "opcnamespace",
    "pg_operator": "oprnamespace",
    "pg_opfamily": "opfnamespace",
    "pg_proc": "pronamespace",
    "pg_type": "typnamespace",
}
"""The column with the schema in those that hold hundreds of built-in rows."""

_NOT_OURS = ("pg_catalog", "information_schema", "pg_toast", "consolidate_trace")
"""Schemas whose objects no history made."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One statement's doing to one object, as an event trigger reported it."""

    statement: StatementId
    tag: str
    """The command tag, such as `ALTER TABLE`; `DROP` for a dropped object."""


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How many rows of one table one statement inserted, updated and deleted."""

    inserted: int
    updated: int
    deleted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The settings under which a statement ran that change what its names mean."""

    search_path: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What the instruments saw; objects carry the names they have at the end of the history."""

    created: Mapping[ObjectId, StatementId]
    written: Mapping[ObjectId, StatementId]
    """The last statement that wrote the object's own catalog row, rights included."""
    touches: Mapping[ObjectId, tuple[Touch, ...]]
    vanished: Mapping[ObjectId, tuple[Touch, ...]]
    """Objects that did not survive, under the name they had when they were dropped."""
    rows: Mapping[StatementId, Mapping[ObjectId, RowCounts]]
    """Tables (that survived) whose rows a statement changed."""
    sessions: Mapping[StatementId, Session]
    fresh: Session
    """What a session starts with."""
    deeds: Mapping[StatementId, Deed] = field(default_factory=dict)
    """What each statement did, where it was asked to look that closely."""


@dataclass(slots=True)
class _Instruments:
    """The observer of the instrumented replay."""

    connection: psycopg.Connection
    closely: bool
    rows: dict[StatementId, dict[int, RowCounts]] = field(default_factory=dict)
    _counts: Mapping[int, tuple[int, int, int]] = field(default_factory=dict)

    def before(self, statement: Statement, *, first: bool) -> str:
        if statement.kind in _MAY_WRITE_ROWS:
            self._counts = {} if first else self._row_counts()
        return _ENTER.format(sql.Literal(statement.id)).as_string(self.connection)

    def after(self, statement: Statement) -> None:
        if self.closely:
            self.connection.execute("SELECT consolidate_trace.look(%s)", (statement.id,))
        if statement.kind not in _MAY_WRITE_ROWS:
            return
        changed = {}
        for relation, counts in self._row_counts().items():
            before = self._counts.get(relation, (0, 0, 0))
            if counts != before:
                changed[relation] = RowCounts(
                    *(now - then for now, then in zip(counts, before, strict=True))
                )
        if changed:
            self.rows[statement.id] = changed

    def _row_counts(self) -> Mapping[int, tuple[int, int, int]]:
        """Counters of this backend.

        They are flushed when a transaction ends, which `before` asks for (by itself PostgreSQL
        does it once a second), so those of a table are zero where a transaction first locks it.
        Inside a transaction only relations that it has locked can have changed; that spares a
        look at every table of the database for every statement.
        """
        within = self.connection.info.transaction_status.name == "INTRANS"
        rows = self.connection.execute(_LOCKED_COUNTS if within else _ALL_COUNTS)
        return {row[0]: (row[1], row[2], row[3]) for row in rows}


_ENTER = sql.SQL(
    "SELECT set_config('consolidate.statement', {0}, false), consolidate_trace.enter("
    "{0}, current_setting('search_path'), current_setting('role')), "
    "pg_catalog.pg_stat_force_next_flush()"
)

_ALL_COUNTS = (
    "SELECT relid::bigint, n_tup_ins, n_tup_upd, n_tup_del "
    "FROM pg_catalog.pg_stat_xact_user_tables "
    "WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND schemaname <> 'consolidate_trace'"
)

_LOCKED_COUNTS = """
SELECT l.relation::bigint, n.inserted, n.updated, n.deleted
FROM (SELECT DISTINCT relation FROM pg_catalog.pg_locks
      WHERE locktype = 'relation' AND pid = pg_catalog.pg_backend_pid()
        AND mode NOT IN ('AccessShareLock', 'RowShareLock') AND relation >= 16384) l
JOIN pg_catalog.pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'm', 'p')
JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
    AND s.nspname <> 'consolidate_trace' AND s.nspname !~ '^pg_toast',
LATERAL (SELECT pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) AS inserted,
                pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) AS updated,
                pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) AS deleted) n
WHERE n.inserted + n.updated + n.deleted > 0
"""
"""Whoever writes rows holds ROW EXCLUSIVE or more on their table until its transaction ends."""


_MAY_WRITE_ROWS = frozenset(
    {
        *("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt", "TruncateStmt"),
        *("SelectStmt", "DoStmt", "CallStmt", "CreateTableAsStmt", "ExecuteStmt"),
        *("AlterTableStmt", "RefreshMatViewStmt"),
    }
)


def trace(
    connection: psycopg.Connection,
    files: Sequence[tuple[Statement, ...]],
    manner: Manner,
    *,
    closely: bool = False,
) -> Trace:
    """Replays the history on an instrumented database that already holds the platform.

    Args:
        connection: To the database, as a superuser if the deeds are wanted.
        files: The statements of each file, in apply order.
        manner: How their runner applies them.
        closely: Whether to look at the whole catalog after every statement, which takes its time.

    Raises:
        InputProblem: As `replay` does.
    """
    execute(connection, _INSTALL)
    if is_superuser(connection):  # nobody else may make event triggers
        execute(connection, _WATCH)
    if closely:
        execute(connection, deeds.INSTALL)
    (fresh,) = connection.execute(
        "SELECT current_setting('search_path'), current_setting('role')"
    ).fetchall()
    instruments = _Instruments(connection, closely)
    replay(connection, files, manner=manner, observer=instruments)
    execute(connection, "DISCARD ALL")
    execute(connection, "SET search_path = pg_catalog")
    return _read(connection, instruments, Session(search_path=fresh[0], role=fresh[1]))


def _read(connection: psycopg.Connection, instruments: _Instruments, fresh: Session) -> Trace:
    entered = connection.execute(
        "SELECT statement, marker::bigint, xmin::text::bigint, search_path, role "
        "FROM consolidate_trace.entered ORDER BY number"
    ).fetchall()
    ids = [StatementId(row[0]) for row in entered]
    lasting = set(ids)  # what was entered in a transaction that was rolled back is not there
    by_oid = Windows(ids, [row[1] for row in entered])
    by_transaction = Windows(ids, [row[2] for row in entered])
    created: dict[ObjectId, StatementId] = {}
    written: dict[ObjectId, StatementId] = {}
    names: dict[tuple[int, int], ObjectId] = {}
    for class_, oid, kind, identity, transaction in catalog_objects(connection):
        name = ObjectId(kind, identity)
        names[class_, oid] = name
        if creator := by_oid.find(oid):
            created[name] = creator
        if writer := by_transaction.find(transaction):
            written[name] = writer
    for identity, transaction in _column_rows(connection):
        if writer := by_transaction.find(transaction):
            written[ObjectId("table column", identity)] = writer
    touches, vanished = _touches(connection, names)
    relations = {oid: name for (_, oid), name in names.items() if name.kind in _RELATIONS}
    return Trace(
        created=created,
        written=written,
        touches=touches,
        vanished=vanished,
        rows={
            statement: {relations[r]: counts for r, counts in changed.items() if r in relations}
            for statement, changed in instruments.rows.items()
            if statement in lasting
        },
        sessions={StatementId(row[0]): Session(search_path=row[3], role=row[4]) for row in entered},
        fresh=fresh,
        deeds=deeds.read(connection) if instruments.closely else {},
    )


_RELATIONS = frozenset({"table", "materialized view"})
_ATTRIBUTES = "composite type"
"""What `pg_identify_object` calls the relation that holds the attributes of a composite type."""


class Windows(Generic[_T]):
    """Numbers that only grow, each belonging to what was entered before it was drawn."""

    def __init__(self, ids: list[_T], starts: list[int]) -> None:
        self._ids = ids
        self._starts = starts

    def find(self, number: int) -> _T | None:
        """Who was entered last before the number was drawn; None if nobody was."""
        position = bisect_right(self._starts, number)
        return self._ids[position - 1] if position else None


def catalog_objects(connection: psycopg.Connection) -> list[tuple[int, int, str, str, int]]:
    """Every object that is not built in: catalog OID, OID, kind, identity, last writer."""
    known = {
        row[0]
        for row in connection.execute(
            "SELECT relname FROM pg_catalog.pg_class "
            "WHERE relnamespace = 'pg_catalog'::regnamespace "
            "AND has_table_privilege(oid, 'SELECT')"
        )
    }
    not_ours = ", ".join(map(literal, _NOT_OURS))
    parts = [
        f"SELECT {_oid(catalog)} AS class, t.oid::bigint AS object, "
        f"i.type, i.identity, t.xmin::text::bigint AS transaction FROM pg_catalog.{catalog} t, "
        f"pg_catalog.pg_identify_object({_oid(catalog)}::oid, t.oid, 0) i "
        f"WHERE i.identity IS NOT NULL AND (i.schema IS NULL OR i.schema NOT IN ({not_ours}))"
        + (
            # asked of the row itself first: to identify it takes a hundred times as long
            f" AND t.{_SCHEMA[catalog]} NOT IN (SELECT oid FROM pg_catalog.pg_namespace "
            f"WHERE nspname IN ({not_ours}))"
            if catalog in _SCHEMA
            else ""
        )
        for catalog in _CATALOGS
        if catalog in known
    ]
    return connection.execute(" UNION ALL ".join(parts).encode()).fetchall()


def _oid(catalog: str) -> str:
    return f"'pg_catalog.{catalog}'::regclass::oid::bigint"


def _column_rows(connection: psycopg.Connection) -> list[tuple[str, int]]:
    return connection.execute(
        "SELECT i.identity, a.xmin::text::bigint FROM pg_attribute a "
        "JOIN pg_class c ON c.oid = a.attrelid, "
        "pg_identify_object('pg_class'::regclass, c.oid, a.attnum) i "
        "WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f') "
        "AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, "
        "'information_schema'::regnamespace, 'consolidate_trace'::regnamespace)"
    ).fetchall()


def _touches(
    connection: psycopg.Connection, names: Mapping[tuple[int, int], ObjectId]
) -> tuple[dict[ObjectId, tuple[Touch, ...]], dict[ObjectId, tuple[Touch, ...]]]:
    by_object: dict[tuple[int, int], list[Touch]] = defaultdict(list)
    last_name: dict[tuple[int, int], ObjectId] = {}
    types = {name.identity: key for key, name in names.items() if name.kind == "type"}
    for statement, tag, class_, oid, kind, identity in connection.execute(
        "SELECT statement, tag, class::bigint, object::bigint, kind, identity "
        "FROM consolidate_trace.touched WHERE statement <> '' ORDER BY number"
    ):
        touch = Touch(StatementId(statement), tag)
        key = class_, oid
        if kind == _ATTRIBUTES and key in names:  # the relation of a type, under the type's name
            key = types[names[key].identity]
        if touch not in by_object[key]:
            by_object[key].append(touch)
        last_name[key] = ObjectId(kind, identity)
    surviving: dict[ObjectId, tuple[Touch, ...]] = {}
    vanished: dict[ObjectId, tuple[Touch, ...]] = {}
    for key, touched in by_object.items():
        if key in names:
            surviving[names[key]] = tuple(touched)
        else:
            name = last_name[key]
            vanished[name] = vanished.get(name, ()) + tuple(touched)
    return surviving, vanished
