"""Finds the expressions that authors gave for cells which every replay fills differently.

A row that is written as a value says `now() - interval '1 day'` where its author said so. Only what
reads nothing but the clock and PostgreSQL's own functions is taken over: that means the same
anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from pglast import ast, visitors
from pglast.parser import ParseError

from consolidate.catalog.rows import Volatile
from consolidate.wording.constants import Constant, constant, same
from consolidate.wording.listings import listing
from consolidate.wording.text import items
from consolidate.wording.trees import parsed
from consolidate.wording.verbatim import plain_session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Column, MarkedRow, MarkedTable
    from consolidate.model import StatementId
    from consolidate.truth import Truth

Authored: TypeAlias = "Mapping[tuple[str, str, str], str]"
"""The expression of a cell, by its table's identity, its column and what the clean replay held."""

_CLOCKS = {
    *("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday"),
    *("date_trunc", "make_interval", "timezone", "age", "to_timestamp", "justify_hours"),
}
_WORDS = {
    *("gen_random_uuid", "random", "md5", "to_char", "encode", "sha256", "left", "right"),
    *("substr", "substring", "upper", "lower", "replace", "concat", "lpad", "extract", "floor"),
}
_TYPES = {
    *("timestamptz", "timestamp", "date", "time", "timetz", "interval", "text", "varchar"),
    *("bpchar", "uuid", "int4", "int8", "numeric", "float8", "bytea"),
}
_TIMES = {
    *("timestamp with time zone", "timestamp without time zone", "date"),
    *("time with time zone", "time without time zone"),
}
_TEXTS = {"text", "character varying"}
_MOST = 100_000
"""Rows of a table, times what was said of them, that are held against each other."""


def authored(truth: Truth, tables: Iterable[tuple[MarkedTable, Sequence[StatementId]]]) -> Authored:
    """The expressions of all volatile cells for which the authors gave one and the same.

    Args:
        truth: What the statements built.
        tables: The tables' rows, each with the statements that wrote them.
    """
    found: dict[tuple[str, str, str], str] = {}
    for marked, writers in tables:
        if isinstance(marked.rows, tuple) and len(marked.rows) * len(writers) <= _MOST:
            found |= _of_table(truth, marked, writers)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What one author said of some rows."""

    constants: Mapping[str, Constant] = field(default_factory=dict)
    expressions: Mapping[str, str] = field(default_factory=dict)
    defaults: bool = False
    """Whether the columns that it does not name get their defaults; else they stay as they are."""


def _of_table(
    truth: Truth, marked: MarkedTable, writers: Sequence[StatementId]
) -> dict[tuple[str, str, str], str]:
    columns = marked.table.columns
    volatile = {n for row in marked.rows for n, c in enumerate(row) if isinstance(c, Volatile)}
    if not volatile:
        return {}
    given = [one for s in writers for one in _given(truth, s, [c.name for c in columns])]
    if len(given) * len(marked.rows) > _MOST:
        return {}
    said: dict[tuple[Column, str], set[str]] = defaultdict(set)
    for row in marked.rows:
        own = [one for one in given if _speaks_of(one, columns, row)]
        for place in volatile:
            cell = row[place]
            if isinstance(cell, Volatile):
                texts = (_said(one, columns[place].name) for one in own)
                said[columns[place], cell.name] |= {text for text in texts if text is not None}
    return {
        (marked.table.object.identity, column.name, name): text
        for (column, name), texts in said.items()
        for text in texts
        if len(texts) == 1 and _fits(text, column.base)
    }


def _speaks_of(one: _Given, columns: Sequence[Column], row: MarkedRow) -> bool:
    """Whether what was said may be about a row, by what is the same on every replay."""
    return all(
        same(one.constants[column.name].text, cell, column.base)
        for column, cell in zip(columns, row, strict=True)
        if column.name in one.constants and (cell is None or isinstance(cell, str))
    )


def _said(one: _Given, column: str) -> str | None:
    """The expression given for a column; empty for its default, None if nothing was said."""
    if column in one.expressions:
        return one.expressions[column]
    return "" if one.defaults and column not in one.constants else None


# -- what statements say ----------------------------------------------------------------------


def _given(truth: Truth, identifier: StatementId, columns: Sequence[str]) -> Iterator[_Given]:
    statement = truth.statements[identifier]
    if not plain_session(truth, identifier):
        return
    match statement.tree:
        case ast.InsertStmt(selectStmt=ast.SelectStmt(valuesLists=None)) as tree:
            yield from _selected(statement.sql, tree, columns)
        case ast.InsertStmt() as tree:
            yield from _listed(statement.sql, tree, columns)
        case ast.UpdateStmt() as tree:
            spans = items(statement.sql, "SET")
            targets = tree.targetList or ()
            if len(spans) == len(targets):
                texts = (span.of(statement.sql).partition("=")[2].strip() for span in spans)
                named = zip(targets, texts, strict=True)
                yield _Given(expressions={item.name or "": text for item, text in named})
        case _:
            return


def _listed(sql: str, tree: ast.InsertStmt, columns: Sequence[str]) -> Iterator[_Given]:
    found = listing(sql, tree)
    for row in found.rows if found else ():
        named = found.columns if found and found.columns else columns
        cells = [(name, cell) for name, cell in zip(named, row.cells, strict=False)]
        yield _Given(
            constants={name: cell.constant for name, cell in cells if cell.constant},
            expressions={
                name: text
                for name, cell in cells
                if not cell.constant and (text := cell.span.of(sql)).upper() != "DEFAULT"
            },
            defaults=True,
        )


def _selected(sql: str, tree: ast.InsertStmt, columns: Sequence[str]) -> Iterator[_Given]:
    query: Any = tree.selectStmt
    named = [column.name or "" for column in tree.cols or ()] or columns
    spans = items(sql, "SELECT")
    targets = query.targetList or ()
    if query.op or len(spans) != len(targets):
        return
    cells = list(zip(named, targets, spans, strict=False))
    known = {name: constant(target.val) for name, target, _ in cells}
    yield _Given(
        constants={name: found for name, found in known.items() if found},
        expressions={name: span.of(sql) for name, _, span in cells if not known[name]},
        defaults=True,
    )


# -- which expressions mean the same anywhere -------------------------------------------------


class _Names(visitors.Visitor):
    """Gathers what an expression is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.functions: set[str] = set()
        self.types: set[str] = set()
        self.clock = False
        self.foreign = False

    def visit_FuncCall(self, _: object, node: ast.FuncCall) -> None:  # noqa: N802 - pglast's
        names = [part.sval for part in node.funcname or ()]
        self.functions.add(names[-1])
        self.foreign |= len(names) > 1 and names[0] != "pg_catalog"

    def visit_SQLValueFunction(self, *_: object) -> None:  # noqa: N802 - pglast's name
        self.clock = True

    def visit_TypeName(self, _: object, node: ast.TypeName) -> None:  # noqa: N802 - pglast's
        self.types |= {part.sval for part in (node.names or ())[-1:]}

    def visit_ColumnRef(self, *_: object) -> None:  # noqa: N802 - pglast's name
        self.foreign = True

    visit_SubLink = visit_ParamRef = visit_SetToDefault = visit_ColumnRef  # noqa: N815 - likewise


@lru_cache(maxsize=1024)
def _fits(text: str, base: str) -> bool:
    """Whether an expression reads the clock or chance alone, and is right for a type."""
    try:
        (target,) = parsed(f"SELECT ({text}\n)").targetList
    except (ParseError, ValueError):
        return False
    found = _Names()
    found(target.val)
    if found.foreign or not found.types <= _TYPES or not found.functions <= _CLOCKS | _WORDS:
        return False
    clock = found.clock or bool(found.functions & _CLOCKS)
    if base in _TIMES:
        return clock
    return base in _TEXTS or (base == "uuid" and text.lower() == "gen_random_uuid()")
