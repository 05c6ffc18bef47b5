"""Changes one clause of a column's definition and leaves its other words alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import ConstrType

from consolidate import names
from consolidate.wording.folding.listing import OFFSET
from consolidate.wording.text import Span, replaced, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consolidate.wording.folding.listing import Element

_ATTRIBUTES = {
    ConstrType.CONSTR_ATTR_DEFERRABLE,
    ConstrType.CONSTR_ATTR_NOT_DEFERRABLE,
    ConstrType.CONSTR_ATTR_DEFERRED,
    ConstrType.CONSTR_ATTR_IMMEDIATE,
    ConstrType.CONSTR_ATTR_ENFORCED,
    ConstrType.CONSTR_ATTR_NOT_ENFORCED,
}
"""Nodes that belong to the constraint before them."""


_SERIALS = {
    **dict.fromkeys(("smallserial", "serial2"), "smallint"),
    **dict.fromkeys(("serial", "serial4"), "integer"),
    **dict.fromkeys(("bigserial", "serial8"), "bigint"),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One constraint of a column, a default and a collation included."""

    node: ast.Node
    span: Span
    """In the element's text."""

    @property
    def is_default(self) -> bool:
        """Whether it gives the column a default."""
        return self._is(ConstrType.CONSTR_DEFAULT)

    @property
    def is_nullness(self) -> bool:
        """Whether it is NOT NULL or NULL."""
        return self._is(ConstrType.CONSTR_NOTNULL) or self._is(ConstrType.CONSTR_NULL)

    @property
    def is_identity(self) -> bool:
        """Whether the column counts by itself, with a sequence that is its own."""
        return self._is(ConstrType.CONSTR_IDENTITY)

    @property
    def options(self) -> bool:
        """Whether it says what the column's sequence is like."""
        return isinstance(self.node, ast.Constraint) and bool(self.node.options)

    @property
    def fills(self) -> bool:
        """Whether it gives the column its values."""
        return self.is_default or self._is(ConstrType.CONSTR_GENERATED) or self.is_identity

    @property
    def name(self) -> str | None:
        """The name that it is given."""
        return self.node.conname if isinstance(self.node, ast.Constraint) else None

    def _is(self, kind: ConstrType) -> bool:
        return isinstance(self.node, ast.Constraint) and self.node.contype == kind


def clauses(column: Element) -> tuple[Clause, ...]:
    """The clauses behind a column's type, in order."""
    node = column.node
    if not isinstance(node, ast.ColumnDef):
        return ()
    starts: list[tuple[int, ast.Node]] = [
        ((one.location or 0) - OFFSET, one)
        for one in node.constraints or ()
        if one.contype not in _ATTRIBUTES
    ]
    if node.collClause is not None:
        starts.append(((node.collClause.location or 0) - OFFSET, node.collClause))
    starts.sort(key=lambda start: start[0])
    listed = tokens(column.text)
    found = []
    for number, (start, one) in enumerate(starts):
        limit = starts[number + 1][0] if number + 1 < len(starts) else len(column.text)
        last = max(token.end + 1 for token in listed if start <= token.start < limit)
        found.append(Clause(one, Span(start, last)))
    return tuple(found)


def _type(column: Element) -> Span:
    """Where the type stands, and what else comes before the first clause."""
    listed = tokens(column.text)
    limit = min((c.span.start for c in clauses(column)), default=len(column.text))
    inside = [token for token in listed[1:] if token.start < limit]
    return Span(inside[0].start, inside[-1].end + 1)


def type_of(column: Element) -> str:
    """The words of a column's type."""
    return _type(column).of(column.text)


def type_name(column: Element) -> str:
    """The bare name of a column's type, which the parser makes the same for all its spellings."""
    node = column.node
    named = node.typeName.names if isinstance(node, ast.ColumnDef) and node.typeName else None
    return (named[-1].sval or "") if named else ""


def counted(column: Element) -> str | None:
    """The type behind a serial column; None for any other."""
    return _SERIALS.get(type_name(column))


def without(column: Element, gone: Iterable[Clause]) -> Element:
    """The column less some of its clauses, each with the blank space before it."""
    text = column.text
    changes = []
    for clause in gone:
        start = clause.span.start
        while start and text[start - 1] in " \t":
            start -= 1
        changes.append((Span(start, clause.span.end), ""))
    return replace(column, text=replaced(text, changes))


def with_type(column: Element, words: str) -> Element:
    """The column with another type, and the collation that comes with it."""
    bare = without(column, [c for c in clauses(column) if isinstance(c.node, ast.CollateClause)])
    return replace(bare, text=replaced(bare.text, [(_type(bare), words)]))


def without_sequence(column: Element) -> Element:
    """A serial column in the words that PostgreSQL takes it for, less its default."""
    counts = counted(column)
    return with_nullness(with_type(column, counts), required=True) if counts else column


def with_default(column: Element, expression: str | None) -> Element:
    """The column with another default; with none where the expression is None."""
    old = [c for c in clauses(column) if c.is_default]
    if expression is None:
        return without(column, old)
    words = f"DEFAULT {expression}"
    if old:
        return replace(column, text=replaced(column.text, [(old[0].span, words)]))
    return _behind(column, words)


def with_nullness(column: Element, *, required: bool) -> Element:
    """The column with NOT NULL or without."""
    old = [c for c in clauses(column) if c.is_nullness]
    bare = without(column, old)
    return _behind(bare, "NOT NULL") if required else bare


def with_named_nullness(column: Element, name: str) -> Element:
    """The column with a NOT NULL constraint of that name."""
    return _behind(
        without(column, [c for c in clauses(column) if c.is_nullness]),
        f"CONSTRAINT {names.quote(name)} NOT NULL",
    )


def with_identity(column: Element, words: str) -> Element:
    """The column with another GENERATED … AS IDENTITY clause."""
    return _behind(without(column, [c for c in clauses(column) if c.is_identity]), words)


def with_identity_kind(column: Element, words: str) -> Element:
    """The column GENERATED otherwise: ALWAYS or BY DEFAULT; its sequence's options stay."""
    changes = []
    for clause in clauses(column):
        if clause.is_identity:
            inside = [t for t in tokens(column.text) if t.start >= clause.span.start]
            kind = next(n for n, token in enumerate(inside) if token.name == "AS")
            changes.append((Span(inside[1].start, inside[kind - 1].end + 1), words))
    return replace(column, text=replaced(column.text, changes))


def with_nothing_filling(column: Element) -> Element:
    """The column neither an identity nor generated; the NOT NULL of an identity stays."""
    filled = clauses(column)
    bare = without(column, [c for c in filled if c.fills and not c.is_default])
    return with_nullness(bare, required=True) if any(c.is_identity for c in filled) else bare


def _behind(column: Element, words: str) -> Element:
    """A clause right behind the type and its collation, or behind NOT NULL."""
    before = [c for c in clauses(column) if isinstance(c.node, ast.CollateClause)]
    before += [c for c in clauses(column) if c.is_nullness]
    end = max([_type(column).end, *(c.span.end for c in before)])
    return replace(column, text=f"{column.text[:end]} {words}{column.text[end:]}")
