"""Rules about what leaves no trace: statements that do nothing, objects and texts that are gone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import AlterTableType

from consolidate import findings, names
from consolidate.audit.found import about, at
from consolidate.audit.origins import BROUGHT
from consolidate.audit.subject import is_temporary
from consolidate.effects import Reason
from consolidate.effects.references import strings
from consolidate.lives import Touched
from consolidate.model import Severity
from consolidate.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material, Spot
    from consolidate.lives import Life
    from consolidate.model import ObjectId, StatementId

_DEFINED = frozenset({"function", "procedure", "aggregate", "view", "materialized view"})
"""Kinds whose definition is one text."""
_WHOLES = _DEFINED | {
    *("table", "foreign table", "type", "sequence", "index", "schema", "extension", "role"),
    *("trigger", "policy", "rule", "event trigger", "publication", "statistics object"),
    *("collation", "cast", "operator", "server", "foreign-data wrapper", "user mapping"),
}
_ALIKE = frozenset({"CreateSchemaStmt", "CreateExtensionStmt"})
"""Statements that say nothing but the name, so that what is there can not be otherwise."""


def idle(material: Material) -> Iterator[Found]:
    """IF NOT EXISTS on what is there."""
    for spot in material.spots:
        tree: Any = spot.statement.tree
        if isinstance(tree, ast.AlterTableStmt):
            asked = _idle_columns(tree, spot)
        elif isinstance(tree, ast.AlterEnumStmt):
            yield from _idle_value(material, spot, tree)
            continue
        elif getattr(tree, "if_not_exists", False) and spot.effect.changes_nothing:
            asked = _name_in(tree)
        else:
            continue
        made = _maker(material, spot, asked[0]) if asked else ""
        if asked and (made or not _is_assumed(material, asked[0])):
            severity = Severity.INFO if spot.statement.kind in _ALIKE else None
            told = ", ".join(_in_full(material, spot, one) for one in asked)
            message = f"does nothing: {told} is there already{made}"
            yield at(spot, findings.IDLE_IF_NOT_EXISTS, message, severity=severity)


def _idle_columns(tree: Any, spot: Spot) -> list[str]:  # noqa: ANN401 - pglast's trees are not typed
    made = {
        names.parted(name.identity, ".")[1]
        for name in spot.effect.creates
        if name.kind == "table column"
    }
    asked = [
        command.def_.colname
        for command in tree.cmds or ()
        if command.subtype == AlterTableType.AT_AddColumn and command.missing_ok
    ]
    there = [names.quote(column) for column in asked if names.quote(column) not in made]
    return [] if spot.effect.opaque else [f"{_ranged(tree.relation)}.{column}" for column in there]


def _idle_value(material: Material, spot: Spot, tree: Any) -> Iterator[Found]:  # noqa: ANN401 - as above
    """ADD VALUE IF NOT EXISTS of a value that the enum has."""
    if not tree.skipIfNewValExists or not spot.effect.changes_nothing:
        return
    value = names.literal(tree.newVal)
    told = ".".join(names.quote(part) for part in strings(tree.typeName))
    there = material.bearers(told, spot.statement.id)
    giving = (f"add value {value}", f" to {value}")
    given = [
        touch.statement_id
        for touch in (there[0].touches if len(there) == 1 else ())
        if touch.what is Touched.CREATED or touch.aspect.endswith(giving)
        if material.order[touch.statement_id] < material.order[spot.statement.id]
    ]
    made = f", from {material.place_of(given[-1])}" if given else ""
    told = material.in_full(told, spot.statement.id)
    message = f"does nothing: value {value} of {told} is there already{made}"
    yield at(spot, findings.IDLE_IF_NOT_EXISTS, message, severity=Severity.INFO)


def _name_in(tree: Any) -> list[str]:  # noqa: ANN401 - pglast's trees are not typed
    """What a CREATE … IF NOT EXISTS makes, as it names it; empty if it leaves the name out."""
    match type(tree):
        case ast.CreateSchemaStmt:
            return [f"schema {names.quote(tree.schemaname)}" if tree.schemaname else "the schema"]
        case ast.CreateExtensionStmt:
            return [f"extension {names.quote(tree.extname)}"]
        case ast.IndexStmt:
            return [names.quote(tree.idxname)] if tree.idxname else []
        case ast.CreateTableAsStmt:
            return [_ranged(tree.into.rel)]
        case _:
            base = getattr(tree, "base", tree)
            relation = getattr(base, "relation", None) or getattr(base, "sequence", None)
            return [_ranged(relation) if relation is not None else "it"]


def _ranged(relation: Any) -> str:  # noqa: ANN401 - pglast's trees are not typed
    parts = (relation.schemaname, relation.relname)
    return ".".join(names.quote(part) for part in parts if part)


def _is_assumed(material: Material, told: str) -> bool:
    """Whether an object is only there because a statement before uses what nothing creates."""
    name = _bare(told)
    return any(
        life.external and str(life.first) not in BROUGHT
        for life in material.by_bare_name.get(names.parted(name, ".")[1], ())
        if f".{life.first.identity}".endswith(f".{name}")
    )


def _bare(told: str) -> str:
    """A name less its kind."""
    return told.removeprefix("schema ").removeprefix("extension ")


def _maker(material: Material, spot: Spot, told: str) -> str:
    """Who made it, if one object that is there has its name."""
    there = material.bearers(_bare(told), spot.statement.id)
    made = material.made_by(there[0]) if len(there) == 1 else None
    return f", from {material.place_of(made)}" if made else ""


def _in_full(material: Material, spot: Spot, told: str) -> str:
    return told if told != _bare(told) else material.in_full(told, spot.statement.id)


def vanished(material: Material) -> Iterator[Found]:
    """Objects that one file makes and a later one drops, and that nothing has the name of again.

    What goes as a part of another one is not told beside that: an index, what is in a schema.
    What was made several times under a name is told once, at the first of them.
    """
    there = material.chronicle.current
    found: dict[ObjectId, list[Life]] = defaultdict(list)
    for life in material.chronicle.lives:
        made = material.made_by(life)
        if not life.ended or made is None or is_temporary(life) or life.first.kind not in _WHOLES:
            continue
        last = life.touches[-1].statement_id
        statement = material.statements[made]
        if statement.path == material.path_of(last) or material.of_platform(life):
            continue
        heirs = (there.get(name) for name in (life.name, life.first))
        if any(heir is not None and not heir.external for heir in heirs):
            continue
        if _went_along(life, last):
            continue
        if material.is_obscure(life.name):
            continue  # it may be made again there
        found[life.first].append(life)
    for name, lives in found.items():
        first, final = lives[0], lives[-1]
        renamed = f" (then {final.name.identity})" if final.name != final.first else ""
        message = f"makes {name}{renamed}, which {_end(material, final)} drops"
        if lives[1:]:
            again = [material.place_of(one.touches[0].statement_id) for one in lives[1:]]
            message = f"makes {name}, made again at {listed(again, 4)}{renamed}"
            message = f"{message}; {_end(material, final)} drops it at last"
        statement = material.statements[first.touches[0].statement_id]
        yield about(statement, findings.MADE_AND_DROPPED, message)


def _end(material: Material, life: Life) -> str:
    return material.place_of(life.touches[-1].statement_id)


def _went_along(life: Life, by: StatementId) -> bool:
    """Whether what it is a part of was dropped by the same statement."""
    return any(
        on.ended
        and on.touches
        and on.touches[-1].statement_id == by
        and (why in _OF_A_WHOLE or life.first.kind in _ON_TABLES)
        for on, why in life.needs
    )


_OF_A_WHOLE = frozenset({Reason.PART_OF, Reason.OWNED_BY})
_ON_TABLES = frozenset({"index", "trigger", "policy", "rule", "statistics object"})


def shadowed(material: Material) -> Iterator[Found]:
    """Functions and views with more than one definition, of which the last one holds.

    What is gone by the end has none that does, and is told as made and dropped.
    """
    texts: dict[ObjectId, list[StatementId]] = defaultdict(list)
    for life in material.chronicle.lives:
        if life.first.kind in _DEFINED and not is_temporary(life):
            texts[life.name] += [
                touch.statement_id
                for touch in life.touches
                if touch.what in {Touched.CREATED, Touched.REPLACED}
            ]
    for name, made in texts.items():
        own = [one for one in made if material.is_history(one)]
        if len(own) > 1 and name in material.chronicle.current:
            *before, last = own
            places = listed([material.place_of(one) for one in before[1:]], 4)
            message = (
                f"{name} is defined {counted(len(own), 'time')}"
                f"{f', again in {places}' if places else ''}; {material.place_of(last)} holds"
            )
            yield about(material.statements[before[0]], findings.SHADOWED, message)


RULES = (idle, vanished, shadowed)
