"""Constants of a statement that stand where a name says what they are.

Such are the cells of a row below the names of its columns, those behind a cell that is a name by
itself, as in tables of settings, the arguments of functions likewise, defaults, and OPTIONS.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from pglast import ast
from pglast.enums import AlterTableType, ConstrType
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


def named_values(statement: Statement, columns: Sequence[str] = ()) -> Iterator[Named]:
    """All of a statement's, in no order; some of them twice.

    Args:
        statement: Where they stand.
        columns: Those that it writes rows to, if it lists none.
    """
    if statement.tree is None:
        return
    reader = _Reader(columns)
    reader(statement.tree)
    begin = lexer.first_token(statement.text, 0)
    for name, value in reader.found:
        place = statement.text.find(literal(value), begin)  # the tree does not say it
        yield Named(name, value, place + 1 if place >= 0 else begin)
    if statement.copy_data and isinstance(statement.tree, ast.CopyStmt):
        listed = strings(statement.tree.attlist)
        yield from _copied(statement, statement.copy_data, listed or columns)


class _Reader(Visitor):
    """Collects them from a tree."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__()
        self._columns = columns
        self.found: list[tuple[str, str]] = []

    def visit_InsertStmt(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        columns = [column.name for column in node.cols or ()] or self._columns
        for row in _rows(node.selectStmt):
            self._in_row(columns, row)

    def visit_MergeWhenClause(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        self._in_row([column.name for column in node.targetList or ()], node.values or ())

    def visit_ResTarget(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        self._add(node.name, _assigned(node.val))

    def visit_FuncCall(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        self._in_row((), node.args or ())

    def visit_NamedArgExpr(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        self._add(node.name, node.arg)

    def visit_ColumnDef(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        for one in node.constraints or ():
            if one.contype == ConstrType.CONSTR_DEFAULT:
                self._add(node.colname, one.raw_expr)

    def visit_AlterTableCmd(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        if node.subtype == AlterTableType.AT_ColumnDefault:
            self._add(node.name, node.def_)

    def visit_FunctionParameter(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        self._add(node.name, node.defexpr)

    def visit_DefElem(self, _ancestors: Any, node: Any) -> None:  # noqa: ANN401, N802 - pglast's
        self._add(node.defname, node.arg)

    def _add(self, name: str | None, node: Any) -> None:  # noqa: ANN401 - as above
        value = _text(node)
        if name and value is not None:
            self.found.append((name, value))

    def _in_row(self, columns: Sequence[str], cells: Sequence[Any]) -> None:
        for column, cell in zip(columns, cells, strict=False):
            self._add(column, cell)
        for before, cell in pairwise(cells):
            name = _text(before)
            if name is not None and credentials.is_name(name):
                self._add(name, cell)


def _rows(query: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - pglast's trees are not typed
    """The rows that a query puts together, as far as they stand in it: of VALUES, or a SELECT."""
    if query is None:
        return
    yield from query.valuesLists or ()
    if query.targetList:
        yield [target.val for target in query.targetList]
    yield from _rows(query.larg)
    yield from _rows(query.rarg)


def _assigned(node: Any) -> Any:  # noqa: ANN401 - as above
    """What a column of a target list is given, also where `(a, b) = (1, 2)` says it."""
    if isinstance(node, ast.MultiAssignRef):
        given: Any = getattr(node.source, "args", None)  # none of a sub-select
        return given[(node.colno or 1) - 1] if given else None
    return node


def _text(node: Any) -> str | None:  # noqa: ANN401 - as above
    """What a string says, whatever type it is cast to; None if it is none."""
    while isinstance(node, ast.TypeCast):
        node = node.arg
    string = node.val if isinstance(node, ast.A_Const) else node
    return str(string.sval) if isinstance(string, ast.String) else None


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
