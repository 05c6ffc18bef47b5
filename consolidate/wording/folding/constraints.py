"""Brings the constraints of a CREATE TABLE in line with those that the truth holds.

Which constraints were dropped, renamed or given a name by PostgreSQL is not followed statement by
statement: what holds in the end tells it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pglast import ast, stream
from pglast.enums import ConstrType

from consolidate import names
from consolidate.model import ObjectId
from consolidate.wording import expressions
from consolidate.wording.folding import clauses
from consolidate.wording.folding.listing import OFFSET
from consolidate.wording.text import Span, replaced, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from consolidate.wording.folding.clauses import Clause
    from consolidate.wording.folding.listing import Element, Listing

_SUFFIX = {
    ConstrType.CONSTR_PRIMARY: "pkey",
    ConstrType.CONSTR_UNIQUE: "key",
    ConstrType.CONSTR_CHECK: "check",
    ConstrType.CONSTR_FOREIGN: "fkey",
    ConstrType.CONSTR_EXCLUSION: "excl",
}
"""What the names end in that PostgreSQL makes up."""

_MAX_BYTES = 63


@dataclass(frozen=True, slots=True)
class Wanted:
    """A constraint that the truth holds."""

    node: ast.Constraint
    words: str
    """The server's, with its name, as they may stand in a CREATE TABLE."""

    @property
    def name(self) -> str:
        """Its name."""
        return self.node.conname or ""


@dataclass(frozen=True, eq=False, slots=True)
class _Written:
    """A constraint that the text holds."""

    element: Element
    clause: Clause | None
    """Where it is a column's."""
    node: ast.Constraint

    @property
    def span(self) -> Span:
        """In the element's text."""
        return self.clause.span if self.clause else Span(0, len(self.element.text))

    @property
    def columns(self) -> frozenset[str]:
        """What it is about."""
        column = self.element.column
        return frozenset({column}) if column and not _is_check(self.node) else _columns(self.node)


def _is_check(node: ast.Constraint) -> bool:
    return node.contype == ConstrType.CONSTR_CHECK


def _columns(node: ast.Constraint) -> frozenset[str]:
    if _is_check(node):
        return expressions.columns(_printed(node))
    if node.contype == ConstrType.CONSTR_EXCLUSION:
        return frozenset(part[0].name or "" for part in node.exclusions or ())
    listed = node.fk_attrs if node.contype == ConstrType.CONSTR_FOREIGN else node.keys
    return frozenset(one.sval or "" for one in listed or ())


def _printed(node: ast.Constraint) -> str:
    return str(stream.RawStream()(node.raw_expr or ()))


def without(listing: Listing, name: str) -> Listing:
    """The list without the constraint that was given this name in it."""
    gone = {id(one.element): one for one in _written(listing) if one.node.conname == name}
    elements = [
        replace(e, text=replaced(e.text, [(_with_blank(gone[id(e)]), "")])) if id(e) in gone else e
        for e in listing.elements
    ]
    return listing.with_elements([e for e in elements if e.text])


def settled(
    listing: Listing, table: ObjectId, wanted: Sequence[Wanted], lowered: frozenset[ObjectId]
) -> Listing:
    """The list with just the constraints that are wanted, under their names.

    Args:
        listing: The CREATE TABLE, in today's column names.
        table: The table.
        wanted: All its constraints, those of NOT NULL apart.
        lowered: Constraints that are to stand in the server's words.
    """
    bare = names.split(table.identity)[-1]
    written = list(_written(listing))
    open_ = [w for w in wanted if _object(w, table) not in lowered]
    matched = dict(_matches(written, open_))
    taken = Counter(_made_up(bare, one) for one in matched)
    changed: dict[int, list[tuple[Span, str]]] = {}
    for one in written:
        changes = changed.setdefault(id(one.element), [])
        goal = matched.get(one)
        if goal is None:
            changes.append((_with_blank(one), ""))
        else:
            plain = _made_up(bare, one) == goal.name and taken[goal.name] == 1
            changes += _named(one, goal.name, plain=plain)
            changes += _validated(one)
            changes += _pointing(one, goal.node)
    elements = [replace(e, text=replaced(e.text, changed.get(id(e), ()))) for e in listing.elements]
    listing = listing.with_elements([e for e in elements if e.text])
    for missing in [one for one in wanted if one not in matched.values()]:
        listing = listing.with_constraint(missing.words)
    return listing


def _object(wanted: Wanted, table: ObjectId) -> ObjectId:
    return ObjectId("table constraint", f"{names.quote(wanted.name)} on {table.identity}")


def _written(listing: Listing) -> Iterator[_Written]:
    for element in listing.elements:
        if element.column is None and isinstance(element.node, ast.Constraint):
            if element.node.contype in _SUFFIX:
                yield _Written(element, None, element.node)
            continue
        for clause in clauses.clauses(element):
            if isinstance(clause.node, ast.Constraint) and clause.node.contype in _SUFFIX:
                yield _Written(element, clause, clause.node)


def _matches(
    written: Iterable[_Written], wanted: Iterable[Wanted]
) -> Iterator[tuple[_Written, Wanted]]:
    """Pairs by name, then by what they are about, then checks by what they say."""
    left = [one for one in written if not one.node.indexname]
    open_ = list(wanted)
    for same in (_same_name, _same_text, _same_columns):
        for one in tuple(left):
            goal = next((w for w in open_ if same(one, w)), None)
            if goal is not None:
                left.remove(one)
                open_.remove(goal)
                if _acts_alike(one.node, goal.node):
                    yield one, goal


def _acts_alike(one: ast.Constraint, goal: ast.Constraint) -> bool:
    """Whether two keys do the same when what they point at changes; other constraints do."""
    return one.contype != ConstrType.CONSTR_FOREIGN or (
        (one.fk_upd_action, one.fk_del_action, one.fk_matchtype)
        == (goal.fk_upd_action, goal.fk_del_action, goal.fk_matchtype)
    )


def _same_name(one: _Written, goal: Wanted) -> bool:
    return one.node.contype == goal.node.contype and one.node.conname == goal.name


def _same_text(one: _Written, goal: Wanted) -> bool:
    return (
        _is_check(one.node) and _is_check(goal.node) and _printed(one.node) == _printed(goal.node)
    )


def _same_columns(one: _Written, goal: Wanted) -> bool:
    return one.node.contype == goal.node.contype and one.columns == _columns(goal.node)


def _made_up(table: str, one: _Written) -> str:
    """The name that PostgreSQL gives a constraint without one, where that name is free."""
    if one.node.conname:
        return one.node.conname
    kind = one.node.contype
    about = [one.element.column] if one.element.column else _listed(one.node)
    if kind == ConstrType.CONSTR_PRIMARY:
        about = []
    if kind == ConstrType.CONSTR_CHECK:
        about = sorted(one.columns) if len(one.columns) == 1 else []
    name = "_".join([table, *(column or "" for column in about), _SUFFIX[ConstrType(kind or 0)]])
    return name if len(name.encode()) <= _MAX_BYTES else ""


def _listed(node: ast.Constraint) -> list[str | None]:
    if node.contype == ConstrType.CONSTR_EXCLUSION:
        return [part[0].name for part in node.exclusions or ()]
    listed = node.fk_attrs if node.contype == ConstrType.CONSTR_FOREIGN else node.keys
    return [one.sval for one in listed or ()]


def _with_blank(one: _Written) -> Span:
    start = one.span.start
    while start and one.element.text[start - 1] in " \t":
        start -= 1
    return Span(start, one.span.end)


def _named(one: _Written, name: str, *, plain: bool) -> Iterator[tuple[Span, str]]:
    """What gives a constraint its name, unless PostgreSQL makes up the same."""
    if one.node.conname == name:
        return
    if one.node.conname is None:
        if not plain:
            yield Span(one.span.start, one.span.start), f"CONSTRAINT {names.quote(name)} "
        return
    inside = [t for t in tokens(one.element.text) if t.start >= one.span.start]
    yield Span(inside[1].start, inside[1].end + 1), names.quote(name)


def _validated(one: _Written) -> Iterator[tuple[Span, str]]:
    """What takes NOT VALID away."""
    if not one.node.skip_validation:
        return
    inside = [t for t in tokens(one.element.text) if one.span.start <= t.start < one.span.end]
    for token, following in pairwise(inside):
        if (token.name, following.name) == ("NOT", "VALID"):
            start = token.start
            while one.element.text[start - 1].isspace():
                start -= 1
            yield Span(start, following.end + 1), ""


def _pointing(one: _Written, goal: ast.Constraint) -> Iterator[tuple[Span, str]]:
    """What makes a foreign key point at today's names."""
    if goal.contype != ConstrType.CONSTR_FOREIGN or not one.node.pktable or not goal.pktable:
        return
    text = one.element.text
    start = (one.node.pktable.location or 0) - OFFSET
    inside = [t for t in tokens(text) if t.start >= start]
    last = inside[2 * bool(one.node.pktable.schemaname)]
    here = (one.node.pktable.schemaname or "public", one.node.pktable.relname)
    schema, name = (goal.pktable.schemaname or "public", goal.pktable.relname or "")
    if here != (schema, name):
        today = names.quote(name)
        if one.node.pktable.schemaname or schema != "public":
            today = f"{names.quote(schema)}.{today}"
        yield Span(start, last.end + 1), today
    columns = [key.sval for key in one.node.pk_attrs or ()]
    today_columns = [key.sval or "" for key in goal.pk_attrs or ()]
    if columns and columns != today_columns:
        opened = inside[inside.index(last) + 1].start
        closed = next(t.end + 1 for t in inside if t.start > opened and t.name == "ASCII_41")
        yield Span(opened, closed), f"({', '.join(map(names.quote, today_columns))})"


def of_server(server: Listing | None, added: Iterable[tuple[ast.Constraint, str]]) -> list[Wanted]:
    """The constraints that the server tells of: checks in its CREATE TABLE, others added to it.

    A list stands as `IN`, since the server would not read again what it says for it.
    """
    checks = [
        Wanted(element.node, expressions.with_lists(element.text) or element.text)
        for element in (server.elements if server else ())
        if isinstance(element.node, ast.Constraint) and _is_check(element.node)
    ]
    return [*checks, *(Wanted(node, words) for node, words in added)]
