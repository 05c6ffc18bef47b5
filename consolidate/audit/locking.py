"""Rules about locks that are held for as long as a table is large.

Which action takes which lock stands in `locks.py`. Whether an action reads or writes the whole
table under it stands on the pages of ALTER TABLE and CREATE INDEX in PostgreSQL's documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import AlterTableType, ConstrType

from consolidate import findings, names
from consolidate.audit import column_types, not_null
from consolidate.audit.found import at
from consolidate.audit.subject import TEMPORARY
from consolidate.effects.references import strings

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material, Spot
    from consolidate.model import StatementId

_TABLES = frozenset({"table", "materialized view"})
_BUILT = {
    ConstrType.CONSTR_PRIMARY: "builds the index of the primary key",
    ConstrType.CONSTR_UNIQUE: "builds the index of the unique constraint",
    ConstrType.CONSTR_EXCLUSION: "builds the index of the exclusion constraint",
}


def readers(material: Material) -> Iterator[Found]:
    """ACCESS EXCLUSIVE while a table that was there before is read or written in full."""
    harmless = column_types.widened(material.spots) | not_null.implied(material.spots)
    for spot in material.spots:
        for what in dict.fromkeys(_exclusive(spot, harmless)):
            if table := _waited_for(material, spot):
                yield at(spot, findings.READERS_WAIT, f"{what}: nobody reads {table} meanwhile")


def writers(material: Material) -> Iterator[Found]:
    """SHARE and SHARE ROW EXCLUSIVE while a table that was there before is read in full."""
    for spot in material.spots:
        for what in _shared(spot):
            if table := _waited_for(material, spot):
                yield at(spot, findings.WRITERS_WAIT, f"{what}: nobody writes {table} meanwhile")


def _waited_for(material: Material, spot: Spot) -> str:
    """The table that is locked; empty if the same file made or emptied it, or it is not known."""
    altered = [name for name, _ in spot.effect.alters if name.kind in _TABLES]
    needed = [need.on for need in spot.effect.needs if need.on.kind in _TABLES]
    for name in (*altered, *needed):
        if TEMPORARY in name.identity or material.is_own(spot, name):
            return ""
        if material.is_emptied(spot, name):
            return ""
        return name.identity
    named = _named(spot.statement.tree)
    return material.in_full(named, spot.statement.id) if named else ""


def _named(tree: Any) -> str:  # noqa: ANN401 - pglast's trees are not typed
    """The first table that VACUUM, CLUSTER and REINDEX name, as they name it."""
    listed = getattr(tree, "rels", None) or ()
    relation = listed[0].relation if listed else getattr(tree, "relation", None)
    parts = (relation.schemaname, relation.relname) if relation is not None else ()
    return ".".join(names.quote(part) for part in parts if part)


def _exclusive(spot: Spot, harmless: Container[tuple[StatementId, str]]) -> Iterator[str]:
    tree: Any = spot.statement.tree
    match tree:
        case ast.AlterTableStmt():
            for one in tree.cmds or ():
                idle = one.subtype == AlterTableType.AT_SetNotNull and not _requires(spot, one.name)
                known = (spot.statement.id, one.name) in harmless
                yield from _altering(one, harmless=idle or known)
        case ast.VacuumStmt():
            if any(option.defname == "full" for option in tree.options or ()):
                yield "VACUUM FULL writes all rows anew"
        case ast.ClusterStmt():
            yield "CLUSTER writes all rows anew"
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


def _altering(command: Any, *, harmless: bool) -> Iterator[str]:  # noqa: ANN401 - pglast's trees are not typed
    """What one action of ALTER TABLE does to all rows.

    Args:
        command: The action.
        harmless: Whether a change of type is one that keeps the rows as they are, or SET NOT NULL
            finds the column so, or a CHECK that says it.
    """
    added = command.def_
    match command.subtype:
        case AlterTableType.AT_AlterColumnType if not harmless:
            yield f"changing the type of {command.name} may write all rows anew"
        case AlterTableType.AT_SetNotNull if not harmless:
            yield f"SET NOT NULL reads all rows for {command.name}"
        case AlterTableType.AT_AddConstraint if not added.skip_validation:
            if added.contype == ConstrType.CONSTR_CHECK:
                named = f" {names.quote(added.conname)}" if added.conname else ""
                yield f"CHECK{named}, which is not NOT VALID, reads all rows"
            elif added.contype in _BUILT and not added.indexname:
                yield _built(added)
        case AlterTableType.AT_AddColumn:
            yield from _adding(added)
        case AlterTableType.AT_SetLogged | AlterTableType.AT_SetUnLogged:
            yield "SET LOGGED or UNLOGGED writes all rows anew"
        case _:
            pass


def _built(constraint: Any, column: str = "") -> str:  # noqa: ANN401 - as above
    """What index a constraint builds: by its name, or else by its columns, as far as it has any."""
    keys = [one.sval for one in constraint.keys or ()] or [column]
    name = names.quote(constraint.conname) if constraint.conname else f"({', '.join(keys)})"
    return f"{_BUILT[constraint.contype]} {name}".removesuffix(" ()")


def _adding(column: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """What adding a column does to the rows that are there."""
    if column.typeName.names[-1].sval in {"serial", "bigserial", "smallserial"}:
        yield f"a serial column {column.colname} writes all rows anew"
    for one in column.constraints or ():
        if one.contype == ConstrType.CONSTR_IDENTITY:
            yield f"an identity column {column.colname} writes all rows anew"
        elif one.contype == ConstrType.CONSTR_GENERATED and one.generated_kind == "s":
            yield f"a stored generated column {column.colname} writes all rows anew"
        elif one.contype in {ConstrType.CONSTR_PRIMARY, ConstrType.CONSTR_UNIQUE}:
            yield _built(one, column.colname)
        elif one.contype == ConstrType.CONSTR_DEFAULT and _may_vary(one.raw_expr):
            yield f"a default of {column.colname} that may differ row by row writes all rows anew"


def _may_vary(expression: Any) -> bool:  # noqa: ANN401 - as above
    """Whether an expression calls a function that is known to be volatile."""
    if isinstance(expression, ast.FuncCall):
        return strings(expression.funcname)[-1] in _VOLATILE
    if isinstance(expression, ast.TypeCast):
        return _may_vary(expression.arg)
    return False


_VOLATILE = frozenset(
    {
        *("clock_timestamp", "gen_random_uuid", "nextval", "random", "timeofday"),
        *("uuid_generate_v1", "uuid_generate_v4", "uuidv4", "uuidv7"),
    }
)
"""Functions that are called once for each row."""


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


RULES = (readers, writers)
