"""Rules about locks that are held for as long as a table is large.

Which action takes which lock stands in `locks.py`. Whether an action reads or writes the whole
table under it stands on the pages of ALTER TABLE and CREATE INDEX in PostgreSQL's documentation.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import AlterTableType, ConstrType

from consolidate import findings, names
from consolidate.audit import column_types, new_columns, not_null
from consolidate.audit.found import at
from consolidate.effects import Reason
from consolidate.model import Severity
from consolidate.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material, Spot
    from consolidate.model import ObjectId, StatementId

_TABLES = frozenset({"table", "materialized view"})


def readers(material: Material) -> Iterator[Found]:
    """ACCESS EXCLUSIVE while a table that was there before is read or written in full."""
    known = {
        AlterTableType.AT_AlterColumnType: column_types.widened(material.spots),
        AlterTableType.AT_SetNotNull: not_null.implied(material.spots),
        AlterTableType.AT_AddColumn: new_columns.of_constrained_domains(material),
    }
    for spot in material.steps:
        for what in dict.fromkeys(_exclusive(material, spot, known)):
            if table := _waited_for(material, spot):
                yield at(spot, findings.READERS_WAIT, f"{what}: nobody reads {table} meanwhile")


def writers(material: Material) -> Iterator[Found]:
    """SHARE and SHARE ROW EXCLUSIVE while a table that was there before is read in full."""
    for spot in material.steps:
        for what in _shared(spot):
            if table := _waited_for(material, spot):
                yield at(spot, findings.WRITERS_WAIT, f"{what}: nobody writes {table} meanwhile")


def by_hand(material: Material) -> Iterator[Found]:
    """LOCK TABLE, on tables that were there before: its lock lasts as long as the transaction."""
    for spot in material.steps:
        tree: Any = spot.statement.tree
        mode = tree.mode or 0 if isinstance(tree, ast.LockStmt) else 0
        if mode < _SHARE:
            continue
        there = [n.on for n in spot.effect.needs if not material.is_own(spot, n.on)]
        code, verb = findings.WRITERS_WAIT, "writes"
        if mode == _ACCESS_EXCLUSIVE:
            code, verb = findings.READERS_WAIT, "reads"
        if there:
            tables = listed([name.identity for name in there], _MOST)
            yield at(spot, code, f"LOCK TABLE: nobody {verb} {tables} until the transaction ends")


_SHARE, _ACCESS_EXCLUSIVE = 5, 8
"""Modes of LOCK TABLE (`ShareLock` and `AccessExclusiveLock`); those below let writers through."""
_MOST = 6


def partitions(material: Material) -> Iterator[Found]:
    """ATTACH PARTITION of a table that was there before, and DETACH without CONCURRENTLY.

    ATTACH locks the partition and reads it, unless a CHECK implies its bounds; where it has any
    CHECK that is taken for granted. DETACH locks the table for as long as the transaction lasts.
    """
    checked: set[str] = set()
    for spot in material.steps:
        for need in spot.effect.needs:
            if need.why is Reason.CHECK and need.by is not None:
                checked.add(names.parted(need.by.identity, " on ")[1])
        for name, aspect in spot.effect.alters:
            if name.kind != "table" or material.is_own(spot, name):
                continue
            if aspect == "attached" and name.identity not in checked:
                what = "ATTACH PARTITION of a table without a CHECK reads all its rows"
                if not material.is_emptied(spot, name):
                    what = f"{what}: nobody reads {name.identity} meanwhile"
                    yield at(spot, findings.READERS_WAIT, what)
            elif aspect == "detach partition" and not spot.effect.outside_transaction:
                what = "DETACH PARTITION without CONCURRENTLY"
                what = f"{what}: nobody reads {name.identity} until the transaction ends"
                yield at(spot, findings.READERS_WAIT, what, severity=Severity.INFO)


def _waited_for(material: Material, spot: Spot) -> str:
    """The table that is locked; empty if the same file made or emptied it, or it is not known."""
    altered = [name for name, _ in spot.effect.alters if name.kind in _TABLES]
    needed = [need.on for need in spot.effect.needs if need.on.kind in _TABLES]
    for name in chain(altered, needed, _indexed(material, spot)):
        made = material.maker_at(name, spot.statement.id)
        own = made is not None and made.path == spot.statement.path
        if own or material.is_own(spot, name):
            return ""
        if material.is_emptied(spot, name):
            return ""
        return name.identity
    named = _named(spot.statement.tree)
    return material.in_full(named, spot.statement.id) if named else ""


def _indexed(material: Material, spot: Spot) -> Iterator[ObjectId]:
    """The tables of the indexes that a statement alters or builds anew, which are locked too.

    The index of a key is a part of that, and that a part of its table.
    """
    named = (*(name for name, _ in spot.effect.alters), *(need.on for need in spot.effect.needs))
    for index in (name for name in named if name.kind == "index"):
        for life in material.by_bare_name.get(names.parted(index.identity, ".")[1], ()):
            if material.name_at(life, spot.statement.id) == index.identity:
                keys = [on for on, _ in life.needs if on.first.kind == "table constraint"]
                for one in (life, *keys):
                    yield from (on.name for on, _ in one.needs if on.first.kind in _TABLES)


def _named(tree: Any) -> str:  # noqa: ANN401 - pglast's trees are not typed
    """The first table that VACUUM, CLUSTER and REINDEX name, as they name it."""
    if isinstance(tree, ast.AlterTableMoveAllStmt):
        return f"what is in {names.quote(str(tree.orig_tablespacename))}"
    several = getattr(tree, "rels", None) or ()
    relation = several[0].relation if several else getattr(tree, "relation", None)
    parts = (relation.schemaname, relation.relname) if relation is not None else ()
    return ".".join(names.quote(part) for part in parts if part)


_COPIES = {
    AlterTableType.AT_SetLogged: "SET LOGGED or UNLOGGED writes all rows anew",
    AlterTableType.AT_SetUnLogged: "SET LOGGED or UNLOGGED writes all rows anew",
    AlterTableType.AT_SetTableSpace: "SET TABLESPACE copies all of it",
    AlterTableType.AT_SetAccessMethod: "SET ACCESS METHOD writes all rows anew",
}
"""What copies the rows of a table that has some itself: for a partitioned one it is remembered."""


def _is_partitioned(material: Material, spot: Spot) -> bool:
    altered = [name for name, _ in spot.effect.alters if name.kind == "table"]
    made = material.maker_at(altered[0], spot.statement.id) if altered else None
    tree = made.tree if made is not None else None
    return isinstance(tree, ast.CreateStmt) and tree.partspec is not None


def _exclusive(
    material: Material,
    spot: Spot,
    known: Mapping[AlterTableType, Container[tuple[StatementId, str]]],
) -> Iterator[str]:
    tree: Any = spot.statement.tree
    match tree:
        case ast.AlterTableStmt():
            for one in tree.cmds or ():
                idle = one.subtype == AlterTableType.AT_SetNotNull and not _requires(spot, one.name)
                column = (
                    one.def_.colname if one.subtype == AlterTableType.AT_AddColumn else one.name
                )
                is_known = (spot.statement.id, column) in known.get(one.subtype, ())
                yield from _altering(one, harmless=idle or is_known, constrained=is_known)
                if one.subtype in _COPIES and not _is_partitioned(material, spot):
                    yield _COPIES[one.subtype]
        case ast.VacuumStmt():
            if any(option.defname == "full" for option in tree.options or ()):
                yield "VACUUM FULL writes all rows anew"
        case ast.ClusterStmt():
            yield "CLUSTER writes all rows anew"
        case ast.AlterTableMoveAllStmt():
            yield "SET TABLESPACE copies all of it"
        case ast.RefreshMatViewStmt() if not tree.concurrent:
            yield "REFRESH without CONCURRENTLY runs the whole query"
        case _:
            pass


def _requires(spot: Spot, column: str) -> bool:
    """Whether a statement makes a column NOT NULL that was not."""
    return any(
        aspect == "set not null"
        and name.kind.endswith(" column")
        and names.split(name.identity)[-1] == column
        for name, aspect in spot.effect.alters
    )


def _altering(command: Any, *, harmless: bool, constrained: bool) -> Iterator[str]:  # noqa: ANN401 - pglast's trees are not typed
    """What one action of ALTER TABLE does to all rows.

    Args:
        command: The action.
        harmless: Whether a change of type is one that keeps the rows as they are, or SET NOT NULL
            finds the column so, or a CHECK that says it.
        constrained: Whether it adds a column whose type is a domain with a constraint.
    """
    added = command.def_
    match command.subtype:
        case AlterTableType.AT_AlterColumnType if not harmless:
            yield f"changing the type of {command.name} may write all rows anew"
        case AlterTableType.AT_SetNotNull if not harmless:
            yield f"SET NOT NULL reads all rows for {command.name}"
        case AlterTableType.AT_AddConstraint if not added.skip_validation:
            if added.contype == ConstrType.CONSTR_CHECK:
                yield new_columns.checked(added)
            elif added.contype in new_columns.INDEXED and not added.indexname:
                yield new_columns.built(added)
        case AlterTableType.AT_AddColumn:
            yield from new_columns.adding(added, constrained=constrained)
        case _:
            pass


def _shared(spot: Spot) -> Iterator[str]:
    tree: Any = spot.statement.tree
    match tree:
        case ast.IndexStmt() if not tree.concurrent and spot.effect.creates:
            yield "CREATE INDEX without CONCURRENTLY reads all rows"
        case ast.ReindexStmt() if not spot.effect.outside_transaction:
            yield "REINDEX without CONCURRENTLY reads all rows"
        case ast.AlterTableStmt():
            for command in tree.cmds or ():
                added = command.def_
                is_key = (
                    isinstance(added, ast.Constraint)
                    and added.contype == ConstrType.CONSTR_FOREIGN
                    and not added.skip_validation
                )
                if is_key:
                    yield "a foreign key that is not NOT VALID reads all rows"
        case _:
            pass


RULES = (readers, writers, by_hand, partitions)
