"""A list such as that of a CREATE TABLE, taken apart without losing a byte."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from pglast import ast

from consolidate.wording.text import all_tokens, element_list, tokens
from consolidate.wording.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMA = "ASCII_44"
_LINE = "\n    "
"""What stands before an element where the author has no habit yet."""
_WIDTH = 100
"""Characters of a line that can be read."""


@dataclass(frozen=True)
class Element:
    """A column or constraint with what stands around it."""

    lead: str
    """Blank space and comments before it."""
    text: str
    """From its first token to its last."""
    gap: str = ""
    """What stands between it and its comma."""
    trail: str = ""
    """What stands behind the comma on the same line: blank space and a comment."""

    @cached_property
    def node(self) -> ast.Node:
        """Its tree; places in it count from the beginning of `text`, less `OFFSET`."""
        node: ast.Node = parsed(f"{_BEFORE}{self.text})").tableElts[0]
        return node

    @property
    def column(self) -> str | None:
        """The column's name; None for a constraint."""
        return self.node.colname if isinstance(self.node, ast.ColumnDef) else None


_BEFORE = "CREATE TABLE t ("
OFFSET = len(_BEFORE)
"""What to take from a place in an element's tree to get the place in its text."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A CREATE TABLE, its list taken apart."""

    head: str
    """Up to the opening parenthesis, included."""
    elements: tuple[Element, ...]
    foot: str
    """What stands before the closing parenthesis, behind the last element's comment."""
    tail: str
    """From the closing parenthesis on."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(e.column for e in self.elements if e.column is not None)

    @property
    def sql(self) -> str:
        """The statement."""
        foot = self.foot
        if self.elements and "--" in self.elements[-1].trail and not foot.startswith("\n"):
            foot = f"\n{foot}"
        return f"{self.head}{_joined(self.elements)}{foot}{self.tail}"

    def legible(self) -> Listing:
        """The same list, over several lines where it would make one that is too long."""
        if "\n" in self.sql or len(self.sql) <= _WIDTH:
            return self
        return self.broken()

    def broken(self) -> Listing:
        """The same list, each element on a line of its own."""
        broken = (replace(e, lead=_LINE, gap="", trail="") for e in self.elements)
        return Listing(self.head, tuple(broken), "\n", self.tail)

    def with_elements(self, elements: Sequence[Element]) -> Listing:
        """The same statement with another list."""
        return replace(self, elements=tuple(elements))

    def of(self, column: str) -> Element | None:
        """The element of a column."""
        return next((e for e in self.elements if e.column == column), None)

    def exchanged(self, old: Element, new: Element) -> Listing:
        """One element written otherwise."""
        return self.with_elements([new if e is old else e for e in self.elements])

    def without(self, gone: Element) -> Listing:
        """One element less, with the comments before and behind it."""
        return self.with_elements([e for e in self.elements if e is not gone])

    def with_column(self, text: str, remark: str = "", place: int | None = None) -> Listing:
        """A further column.

        Args:
            text: The column's definition.
            remark: Comment lines to stand before it.
            place: Behind how many columns; behind all by default.
        """
        places = [n for n, e in enumerate(self.elements) if e.column is not None][:place]
        return self.inserted(places[-1] + 1 if places else 0, text, remark)

    def with_constraint(self, text: str, remark: str = "") -> Listing:
        """A further constraint behind everything else."""
        return self.inserted(len(self.elements), text, remark)

    def inserted(self, place: int, text: str, remark: str = "") -> Listing:
        """A further element behind so many others, with comment lines before it."""
        lead, gap = self._habit()
        new = Element(lead=commented(lead, remark), text=text, gap=gap)
        elements = [*self.elements[:place], new, *self.elements[place:]]
        if place == 0 and self.elements and "\n" not in new.lead + self.elements[0].lead:
            elements[:2] = replace(new, lead=elements[1].lead), replace(elements[1], lead=lead)
        if place == len(self.elements) and place:  # the last one had no comma, and so no habit
            elements[-2] = replace(elements[-2], gap=gap)
            elements[-1] = replace(new, gap="")
        foot = self.foot if "\n" in self.foot or "\n" not in lead else f"\n{self.foot}"
        return Listing(self.head, tuple(elements), foot, self.tail)

    def _habit(self) -> tuple[str, str]:
        """What the author puts before an element, and before a comma."""
        if not self.elements:
            return _LINE, ""
        if len(self.elements) == 1:
            return _blank(self.elements[0].lead) or " ", ""
        return _blank(self.elements[1].lead), _blank(self.elements[0].gap)


def commented(lead: str, remark: str) -> str:
    """The blank space before an element, with comment lines in it."""
    if not remark:
        return lead
    indent = _blank(lead) if "\n" in lead else _LINE
    lines = "".join(f"{indent}{line.strip()}" for line in remark.splitlines() if line.strip())
    return f"{lead.rstrip()}{lines}{indent}"


def _blank(text: str) -> str:
    """The blank space that a text ends in, from its last line end on."""
    blank = text[len(text.rstrip()) :]
    return blank[blank.rfind("\n") :] if "\n" in blank else blank


def _joined(elements: Sequence[Element]) -> str:
    last = len(elements) - 1
    return "".join(
        f"{e.lead}{e.text}{e.gap if number < last else ''}{',' if number < last else ''}{e.trail}"
        for number, e in enumerate(elements)
    )


def read(sql: str) -> Listing | None:
    """Takes a CREATE TABLE apart; None where its list holds what is neither column nor constraint.

    Such as `LIKE other`, or where there is no list at all.
    """
    tree = parsed(sql)
    listed = taken_apart(sql) if isinstance(tree, ast.CreateStmt) else None
    if listed is None:
        return None
    nodes = tree.tableElts or ()
    known = all(isinstance(node, ast.ColumnDef | ast.Constraint) for node in nodes)
    return listed if known and len(nodes) == len(listed.elements) else None


def taken_apart(sql: str) -> Listing | None:
    """Any statement and the first list in it; None where it has none."""
    listed = element_list(sql)
    if listed is None:
        return None
    elements = []
    begun = listed.open + 1
    for number, span in enumerate(listed.elements):
        following = listed.elements[number + 1 : number + 2]
        limit = following[0].start if following else listed.close
        after = sql[span.end : limit]
        comma = next((t.start for t in tokens(after) if t.name == _COMMA), None)
        gap, rest = ("", after) if comma is None else (after[:comma], after[comma + 1 :])
        same_line = _same_line(rest)
        elements.append(
            Element(
                lead=sql[begun : span.start],
                text=span.of(sql),
                gap=gap,
                trail=rest[:same_line],
            )
        )
        begun = limit - len(rest) + same_line
    return Listing(
        head=sql[: listed.open + 1],
        elements=tuple(elements),
        foot=sql[begun : listed.close],
        tail=sql[listed.close :],
    )


def _same_line(text: str) -> int:
    """How much of what follows a comma is a comment on the same line."""
    end = 0
    for token in all_tokens(text):
        if "\n" in text[end : token.start]:
            break
        end = token.end + 1
    return end
