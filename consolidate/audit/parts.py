"""The rule about parts of a table that a statement names and that the table does not have.

Looked for are those that are named as what they are: by ALTER TABLE, DROP TRIGGER, a key, an index,
a comment. What expressions, queries and rows name is not looked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast

from consolidate import names
from consolidate.audit.makers import PARTS, Makers
from consolidate.audit.origins import missing
from consolidate.audit.subject import TEMPORARY
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material, Spot
    from consolidate.lives import Life
    from consolidate.model import StatementId

_COLUMN = "table column"
_SYSTEM = frozenset({"tableoid", "ctid", "xmin", "cmin", "xmax", "cmax"})
"""The columns that every table has."""


def not_there(material: Material) -> Iterator[Found]:
    """What a table is said to have and does not, at its first use."""
    found = unmade(material)
    if not found:
        return
    bearers, makers = material.bearings, Makers(material)
    for (part, _), spot in found.items():
        yield missing(part, spot, bearers, makers)


def unmade(material: Material) -> Mapping[tuple[ObjectId, StatementId], Spot]:
    """The parts that are named and never made, each with the statement that names it first."""
    wanted = {life for life in material.chronicle.lives if life.external and _is_part(life.first)}
    if not wanted:
        return {}
    spots = {spot.statement.id: spot for spot in material.spots}
    first = _first_uses(material, wanted)
    found = ((life.first, spots[at]) for life, at in first.items() if at in spots)
    return {
        (part, spot.statement.id): spot
        for part, spot in found
        if _knows_all(material, part, spot)
        and not material.is_obscure(ObjectId(part.kind, _taken_apart(part)[0]), spot)
    }


def _is_part(name: ObjectId) -> bool:
    if name.kind not in PARTS or TEMPORARY in name.identity:
        return False
    return name.kind != _COLUMN or _taken_apart(name)[0] not in _SYSTEM


def _first_uses(material: Material, wanted: set[Life]) -> Mapping[Life, StatementId]:
    chronicle = material.chronicle
    uses = [(life, touch.statement_id) for life in wanted for touch in life.touches]
    for by in chronicle.lives:
        uses += [(on, e.statement) for (on, _), e in (*by.needs.items(), *by.needed.items())]
    for statement, needs in chronicle.statement_needs.items():
        uses += [(on, statement) for on, _ in needs]
    found: dict[Life, StatementId] = {}
    for life, statement in sorted(uses, key=lambda use: material.order[use[1]]):
        if life in wanted:
            found.setdefault(life, statement)
    return found


def _taken_apart(part: ObjectId) -> tuple[str, str]:
    """What a part is called, and its table."""
    if part.kind == _COLUMN:
        table, own = names.parted(part.identity, ".")
        return own, table
    return names.parted(part.identity, " on ")


def _knows_all(material: Material, part: ObjectId, spot: Spot) -> bool:
    """Whether the history has made the table, in a way that tells which columns it has."""
    table = ObjectId("table", _taken_apart(part)[1])
    made = material.maker_at(table, spot.statement.id)
    return made is not None and (part.kind != _COLUMN or _lists_columns(made.tree))


def _lists_columns(tree: Any) -> bool:  # noqa: ANN401 - pglast's trees are not typed
    """Whether a CREATE TABLE has its columns from nowhere else."""
    return (
        isinstance(tree, ast.CreateStmt)
        and not (tree.inhRelations or tree.ofTypename)
        and not any(isinstance(one, ast.TableLikeClause) for one in tree.tableElts or ())
    )


RULES = (not_there,)
