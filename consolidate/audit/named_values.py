"""Constants of a statement that stand where a name says what they are.

Such are the cells of a row below the names of its columns, those behind a cell that is a name by
itself, as in tables of settings, and the arguments of functions likewise.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from pglast import ast
from pglast.visitors import Visitor

from consolidate import credentials, lexer
from consolidate.effects.references import strings
from consolidate.names import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from consolidate.model import Statement


class Named(NamedTuple):
    """A constant and its name."""

    name: str
    value: str
    at: int
    """Where it begins in the statement's `text`, quotes aside."""


def named_values(statement: Statement) -> Iterator[Named]:
    """All of a statement's, in no order; some of them twice."""
    if statement.tree is None:
        return
    reader = _Reader()
    reader(statement.tree)
    begin = lexer.first_token(statement.text, 0)
    for name, constant in reader.found:
        value = constant.val.sval
        place = statement.text.find(literal(value), begin)  # the tree does not say it
        yield Named(name, value, place + 1 if place >= 0 else begin)
    if statement.copy_data and isinstance(statement.tree, ast.CopyStmt):
        yield from _copied(statement, statement.copy_data, strings(statement.tree.attlist))


class _Reader(Visitor):
    """Collects them from a tree."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Any]] = []

    def visit_InsertStmt(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        columns = [column.name for column in node.cols or ()]
        for row in getattr(node.selectStmt, "valuesLists", None) or ():
            self._in_row(columns, row)

    def visit_UpdateStmt(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        self._set(node.targetList)

    def visit_OnConflictClause(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        self._set(node.targetList)

    def visit_FuncCall(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        self._in_row((), node.args or ())

    def _set(self, targets: Any) -> None:  # noqa: ANN401 - as above
        for target in targets or ():
            if _text(target.val) is not None:
                self.found.append((target.name, _constant(target.val)))

    def _in_row(self, columns: Sequence[str], cells: Sequence[Any]) -> None:
        for column, cell in zip(columns, cells, strict=False):
            if _text(cell) is not None:
                self.found.append((column, _constant(cell)))
        for before, cell in pairwise(cells):
            name = _text(before)
            if name is not None and _text(cell) is not None and credentials.is_name(name):
                self.found.append((name, _constant(cell)))


def _constant(node: Any) -> Any:  # noqa: ANN401 - pglast's trees are not typed
    """A constant, whatever type it is cast to."""
    while isinstance(node, ast.TypeCast):
        node = node.arg
    return node


def _text(node: Any) -> str | None:  # noqa: ANN401 - as above
    """What a string says; None if it is none."""
    constant = _constant(node)
    if isinstance(constant, ast.A_Const) and isinstance(constant.val, ast.String):
        return str(constant.val.sval)
    return None


def _copied(statement: Statement, rows: str, columns: Iterable[str]) -> Iterator[Named]:
    """The cells of the rows behind a COPY in text format."""
    at = statement.text.find(rows)
    listed = list(columns)
    for line in rows.splitlines(keepends=True):
        cells = line.rstrip("\r\n").split("\t")
        places = [at + sum(len(cell) + 1 for cell in cells[:n]) for n in range(len(cells))]
        found = list(zip(cells, places, strict=True))
        yield from (Named(name, *one) for name, one in zip(listed, found, strict=False))
        for (name, _), one in pairwise(found):
            if credentials.is_name(name):
                yield Named(name, *one)
        at += len(line)
