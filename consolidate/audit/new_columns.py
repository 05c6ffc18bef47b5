"""What ALTER TABLE … ADD COLUMN does to the rows that are there, under ACCESS EXCLUSIVE.

A default that is the same for all of them is remembered, not written (`ATExecAddColumn`).
One that may differ, a stored expression and a domain with a constraint write all rows anew; a CHECK
reads them, as a foreign key does of a column with a default, and NOT NULL of a virtual one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import AlterTableType, ConstrType

from consolidate import names
from consolidate.effects import Reason
from consolidate.effects.references import strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.audit.subject import Material, Spot
    from consolidate.effects import Effect
    from consolidate.model import StatementId

_BUILT = {
    ConstrType.CONSTR_PRIMARY: "builds the index of the primary key",
    ConstrType.CONSTR_UNIQUE: "builds the index of the unique constraint",
    ConstrType.CONSTR_EXCLUSION: "builds the index of the exclusion constraint",
}
INDEXED = _BUILT.keys()
"""The constraints that have an index."""


def built(constraint: Any, column: str = "") -> str:  # noqa: ANN401 - pglast's trees are not typed
    """What index a constraint builds: by its name, or else by its columns, as far as it has any."""
    keys = [one.sval for one in constraint.keys or ()] or [column]
    name = names.quote(constraint.conname) if constraint.conname else f"({', '.join(keys)})"
    return f"{_BUILT[constraint.contype]} {name}".removesuffix(" ()")


def checked(constraint: Any) -> str:  # noqa: ANN401 - as above
    """What a CHECK does that is not NOT VALID."""
    named = f" {names.quote(constraint.conname)}" if constraint.conname else ""
    return f"CHECK{named}, which is not NOT VALID, reads all rows"


def adding(column: Any, *, constrained: bool) -> Iterator[str]:  # noqa: ANN401 - as above
    """What adding a column does to the rows.

    Args:
        column: Its definition.
        constrained: Whether its type is a domain with a constraint.
    """
    written = list(_writing(column, constrained=constrained))
    yield from written
    for one in column.constraints or ():
        if one.contype in {ConstrType.CONSTR_PRIMARY, ConstrType.CONSTR_UNIQUE}:
            yield built(one, column.colname)
        elif not written:
            yield from _reading(column, one)


def _writing(column: Any, *, constrained: bool) -> Iterator[str]:  # noqa: ANN401 - as above
    name = column.colname
    if column.typeName.names[-1].sval in {"serial", "bigserial", "smallserial"}:
        yield f"a serial column {name} writes all rows anew"
    if constrained:
        yield f"a column {name} of a domain that has a constraint writes all rows anew"
    for one in column.constraints or ():
        if one.contype == ConstrType.CONSTR_IDENTITY:
            yield f"an identity column {name} writes all rows anew"
        elif one.contype == ConstrType.CONSTR_GENERATED and one.generated_kind == "s":
            yield f"a stored generated column {name} writes all rows anew"
        elif one.contype == ConstrType.CONSTR_DEFAULT and _may_vary(one.raw_expr):
            yield f"a default of {name} that may differ row by row writes all rows anew"


def _reading(column: Any, constraint: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    kinds = {one.contype for one in column.constraints}
    virtual = ConstrType.CONSTR_GENERATED in kinds
    match constraint.contype:
        case ConstrType.CONSTR_CHECK if not constraint.skip_validation:
            yield checked(constraint)
        case ConstrType.CONSTR_FOREIGN if ConstrType.CONSTR_DEFAULT in kinds:
            yield f"a foreign key of {column.colname}, which has a default, reads all rows"
        case ConstrType.CONSTR_NOTNULL if virtual:
            yield f"NOT NULL of the virtual column {column.colname} reads all rows"
        case _:
            pass


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


def of_constrained_domains(material: Material) -> frozenset[tuple[StatementId, str]]:
    """The columns that are added with a domain as their type which has a constraint then."""
    if not any(one.kind == "CreateDomainStmt" for one in material.statements.values()):
        return frozenset()
    domains = _Domains()
    for effect in material.platform:
        domains.follow(effect)
    found: set[tuple[StatementId, str]] = set()
    for spot in material.spots:
        domains.follow(spot.effect)
        found.update((spot.statement.id, column) for column in _added(spot, domains))
    return frozenset(found)


def _added(spot: Spot, domains: _Domains) -> Iterator[str]:
    tree: Any = spot.statement.tree
    if not isinstance(tree, ast.AlterTableStmt):
        return
    types = {
        names.split(need.by.identity)[-1]: need.on.identity
        for need in spot.effect.needs
        if need.by is not None
        if need.by.kind == "table column" and need.why is Reason.COLUMN_TYPE
    }
    for command in tree.cmds or ():
        if command.subtype == AlterTableType.AT_AddColumn:
            name, array = command.def_.colname, command.def_.typeName.arrayBounds
            if not array and domains.is_constrained(types.get(name, "")):
                yield name


class _Domains:
    """The constraints of all domains at one point of the history."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, str]] = {"domain constraint": {}, "type": {}}
        """The identities of the constraints, and of the types, each with what that is based on."""

    def follow(self, effect: Effect) -> None:
        """What a statement makes of them."""
        for name in effect.drops:
            self._of.get(name.kind, {}).pop(name.identity, None)
        for old, new in effect.renames:
            held = self._of.get(old.kind, {})
            if old.identity in held:
                held[new.identity] = held.pop(old.identity)
        for name in effect.creates:
            self._of.get(name.kind, {})[name.identity] = ""
        for need in effect.needs:
            if need.by is not None and need.by.kind == need.on.kind == "type":
                self._of["type"][need.by.identity] = need.on.identity

    def is_constrained(self, domain: str) -> bool:
        """Whether a domain, or one that it is based on, has a constraint."""
        constrained = {names.parted(name, " on ")[1] for name in self._of["domain constraint"]}
        seen: set[str] = set()
        while domain not in {"", *constrained, *seen}:
            seen.add(domain)  # a history that PostgreSQL refuses may go round
            domain = self._of["type"].get(domain, "")
        return domain in constrained
