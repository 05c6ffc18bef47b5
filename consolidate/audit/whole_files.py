"""Rules about whole files: whether they parse, hold anything, can be taken back, mix rows in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast

from consolidate import findings
from consolidate.audit.found import Found, about, of_file
from consolidate.audit.subject import TEMPORARY
from consolidate.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.audit.subject import Material, Spot
    from consolidate.model import SourceSpan


def syntax(material: Material) -> Iterator[Found]:
    """Everything that can not be read; what is told often of a file is told once, with lines."""
    for path, flaws in material.wrong.items():
        alike: dict[str, list[SourceSpan]] = {}
        for flaw in flaws:
            alike.setdefault(flaw.message, []).append(flaw.place)
        for message, places in alike.items():
            often = len(places) > _FEW
            lines = listed(list(dict.fromkeys(str(one.line) for one in places[1:])), 20)
            for place in places[:1] if often else places:
                yield Found(
                    code=findings.SYNTAX_ERROR,
                    message=f"{message}; so in lines {lines}" if often else message,
                    path=path,
                    place=place,
                    statement=material.unparsed_at(path, place),
                )


_FEW = 3
"""Places of one error that are told each."""


def empty(material: Material) -> Iterator[Found]:
    """Files without a statement."""
    for path, file in material.by_path.items():
        if not any(one.sql for one in file) and path not in material.wrong:
            yield of_file(path, findings.NO_STATEMENT, "the file has no statement")


def no_way_back(material: Material) -> Iterator[Found]:
    """Files that nothing takes back; once for the history where that is most of them."""
    migrations = material.migrations.values()
    without = [migration.path for migration in migrations if migration.down is None]
    if len(without) * 2 > len(migrations):
        have = "has" if len(without) == 1 else "have"
        told = f"{len(without)} of {counted(len(migrations), 'migration')} {have} no down script"
        yield Found(code=findings.NO_WAY_BACK, message=told)
        return
    for path in without:
        yield of_file(path, findings.NO_WAY_BACK, "nothing takes this migration back")


def mixed(material: Material) -> Iterator[Found]:
    """Files that make or change objects and list rows, too."""
    rows: dict[str, list[tuple[Spot, int]]] = {}
    defining: set[str] = set()
    for spot in material.spots:
        path = spot.statement.path
        if listed_rows := _rows(spot):
            rows.setdefault(path, []).append((spot, listed_rows))
        elif _defines(spot):
            defining.add(path)
    for path, found in rows.items():
        if path in defining:
            number = counted(sum(count for _, count in found), "row")
            tables = dict.fromkeys(
                name.identity for spot, _ in found for name in spot.effect.writes_rows
            )
            message = f"{number} for {listed(list(tables), 4)} in a file that changes the schema"
            yield about(found[0][0].statement, findings.ROWS_AMONG_DDL, message)


def _rows(spot: Spot) -> int:
    """How many rows a statement lists for tables that are no session's own."""
    if all(TEMPORARY in name.identity for name in spot.effect.writes_rows):
        return 0
    tree: Any = spot.statement.tree
    if isinstance(tree, ast.InsertStmt) and isinstance(tree.selectStmt, ast.SelectStmt):
        return len(tree.selectStmt.valuesLists or ())
    return (spot.statement.copy_data or "").count("\n")


def _defines(spot: Spot) -> bool:
    effect = spot.effect
    made = (*effect.creates, *effect.replaces, *effect.drops, *(name for name, _ in effect.alters))
    return any(TEMPORARY not in name.identity for name in made)


RULES = (syntax, empty, no_way_back, mixed)
