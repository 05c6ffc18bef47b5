"""Finds an expression in the authors' own text.

Deparsed text is not a fixpoint: what `pg_get_constraintdef` prints for `status IN ('a', 'b')`
over a varchar column is stored differently when it is read again. The author's text is not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pglast import ast, stream, visitors
from pglast.enums import AlterTableType, ConstrType, ObjectType

from consolidate import names
from consolidate.model import ObjectId, Statement, StatementId
from consolidate.parser import parse_sql
from consolidate.wording.text import Span, clause_end, element_list, replaced, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consolidate.truth import Truth


def check(truth: Truth, table: ObjectId, name: str, deparsed: str) -> str | None:
    """The author's text of a CHECK, without its outer parentheses, in today's column names.

    Args:
        truth: Where to look.
        table: The table that has the constraint.
        name: The constraint's name.
        deparsed: The server's text of the expression, which tells the columns it is about.
    """
    constraint = ObjectId("table constraint", f"{names.quote(name)} on {table.identity}")
    writer = truth.trace.created.get(constraint)
    if writer is None:
        return None
    statement = truth.statements[writer]
    renames = renames_since(truth, table, writer)
    wanted = columns(deparsed)
    nodes = [n for n in _constraints(statement) if n.contype == ConstrType.CONSTR_CHECK]
    named = [node for node in nodes if node.conname == name]
    found = []
    for node in named or [node for node in nodes if node.conname is None]:
        text = _parenthesised(statement.sql, node.location or 0)
        if text is not None and columns(today := _renamed(text, renames)) == wanted:
            found.append(today)
    if len(found) > 1:  # several over the same columns: only one that says the same will do
        found = [text for text in found if _printed(text) == _printed(deparsed)]
    return found[0] if len(found) == 1 else None


_LIST = re.compile(
    r"\(\((?P<left>[^()]+)\)::text (?P<how>= ANY|<> ALL) \(\(ARRAY\["
    r"(?P<items>(?:(?:, )?E?'(?:[^']|'')*'::character varying)+)"
    r"\]\)::text\[\]\)\)"
)
_ITEM = re.compile(r"(E?'(?:[^']|'')*')::character varying")


def with_lists(deparsed: str) -> str | None:
    """The server's text with `IN` where `IN` must have been written; None if nowhere.

    It is for the authors' text that can not be found, such as that in a DO block.
    """

    def listed(match: re.Match[str]) -> str:
        word = "IN" if match["how"] == "= ANY" else "NOT IN"
        return f"({match['left']} {word} ({', '.join(_ITEM.findall(match['items']))}))"

    told = _LIST.sub(listed, deparsed)
    return told if told != deparsed else None


def _printed(expression: str) -> str:
    return str(stream.RawStream()(f"SELECT {expression}"))


def default(truth: Truth, table: ObjectId, column: str) -> str | None:
    """The author's text of a column's DEFAULT."""
    name = f"for {table.identity}.{names.quote(column)}"
    writer = truth.trace.created.get(ObjectId("default value", name))
    if writer is None:
        return None
    statement = truth.statements[writer]
    renames = renames_since(truth, table, writer)
    sql = statement.sql
    for then, location, limit in _defaults(statement):
        if renames.get(then, then) == column:
            end = clause_end(sql, location, limit, "DEFAULT")
            return sql[location + len("DEFAULT") : end].strip() or None
    return None


def _defaults(statement: Statement) -> Iterator[tuple[str, int, int]]:
    """Columns that a statement gives a default, with the clause's place and furthest end."""
    sql = statement.sql
    tree: Any = statement.tree
    if isinstance(tree, ast.CreateStmt):
        listed = element_list(sql)
        for element in tree.tableElts or ():
            if isinstance(element, ast.ColumnDef) and listed:
                at = element.location or 0
                limit = next(e.end for e in listed.elements if e.start <= at < e.end)
                yield from ((element.colname or "", p, limit) for p in _default_places(element))
    elif isinstance(tree, ast.AlterTableStmt) and tree.cmds and len(tree.cmds) == 1:
        command = tree.cmds[0]
        if command.subtype == AlterTableType.AT_AddColumn:
            places = _default_places(command.def_)
            yield from ((command.def_.colname or "", place, len(sql)) for place in places)
        elif command.subtype == AlterTableType.AT_ColumnDefault:
            place = next((t.start for t in tokens(sql) if t.name == "DEFAULT"), None)
            if place is not None:
                yield command.name, place, len(sql)


def _default_places(column: ast.ColumnDef) -> list[int]:
    return [
        constraint.location or 0
        for constraint in column.constraints or ()
        if constraint.contype == ConstrType.CONSTR_DEFAULT
    ]


def _constraints(statement: Statement) -> Iterator[ast.Constraint]:
    """The constraints that a CREATE or ALTER TABLE writes, those of columns included."""
    tree: Any = statement.tree
    if isinstance(tree, ast.CreateStmt):
        elements = tree.tableElts or ()
    elif isinstance(tree, ast.AlterTableStmt):
        added = {AlterTableType.AT_AddConstraint, AlterTableType.AT_AddColumn}
        elements = tuple(command.def_ for command in tree.cmds or () if command.subtype in added)
    else:
        return
    for element in elements:
        if isinstance(element, ast.Constraint):
            yield element
        elif isinstance(element, ast.ColumnDef):
            yield from element.constraints or ()


def _parenthesised(sql: str, location: int) -> str | None:
    """What stands in the first parentheses at or after a place."""
    depth = 0
    start = 0
    for token in tokens(sql):
        if token.start < location:
            continue
        if token.name == "ASCII_40":
            depth += 1
            if depth == 1:
                start = token.end + 1
        elif token.name == "ASCII_41":
            depth -= 1
            if depth == 0:
                return sql[start : token.start].strip()
    return None


def renames_since(truth: Truth, table: ObjectId, since: StatementId) -> Mapping[str, str]:
    """Old to new names of the table's columns, renamed after a statement."""
    after = truth.order[since]
    renames: dict[str, str] = {}
    for touch in truth.trace.touches.get(table, ()):
        tree = truth.statements[touch.statement].tree
        if (
            truth.order[touch.statement] > after
            and isinstance(tree, ast.RenameStmt)
            and tree.renameType == ObjectType.OBJECT_COLUMN
        ):
            renames = {
                old: (tree.newname or "") if new == tree.subname else new
                for old, new in renames.items()
            }
            renames.setdefault(tree.subname or "", tree.newname or "")
    return renames


class _ColumnRefs(visitors.Visitor):
    """Collects the column references of an expression that are one bare name."""

    def __init__(self) -> None:
        self.found: list[tuple[str, int]] = []

    def visit_ColumnRef(self, _ancestors: object, node: ast.ColumnRef) -> None:  # noqa: N802
        fields = node.fields or ()
        if len(fields) == 1 and isinstance(fields[0], ast.String):
            self.found.append((fields[0].sval or "", node.location or 0))


def _references(expression: str) -> list[tuple[str, int]]:
    """Bare column names with their offsets in the expression."""
    prefix = "SELECT "
    visitor = _ColumnRefs()
    visitor(parse_sql(prefix + expression))
    return [(name, location - len(prefix)) for name, location in visitor.found]


def columns(expression: str) -> frozenset[str]:
    """The bare column names in an expression."""
    return frozenset(name for name, _ in _references(expression))


def _renamed(expression: str, renames: Mapping[str, str]) -> str:
    changes = []
    for name, start in _references(expression):
        if name in renames:
            token = next(t for t in tokens(expression) if t.start == start)
            changes.append((Span(start, token.end + 1), names.quote(renames[name])))
    return replaced(expression, changes)
