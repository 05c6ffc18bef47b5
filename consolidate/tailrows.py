"""Which tables' rows the migrations behind the line need in front of them, as far as texts tell.

A runner loads seeds when all migrations are applied. So rows that the tail reads, writes or points
at, or whose table it changes, can not wait for that.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from consolidate import effects
from consolidate.effects import Reason
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consolidate.effects import Effect
    from consolidate.model import Manner, Statement

_ROWS = "reads or writes them"
_POINTED = "writes rows that point at them"
_POINTING = "changes rows that they point at"
_TABLE = "changes their table"
_BENEATH = "changes what their table needs"

_BESIDE_ROWS = frozenset(
    {"comment", "compression", "options", "owner", "rights", "rls", "statistics", "storage"}
)
"""What of a table may change before its rows are there."""
_MORE = "add value"
"""How a change of an enum begins that leaves the values that it has."""
_SHAPE = frozenset({"table column", "table constraint", "default value", "trigger", "rule"})
"""Parts of a table that say which rows it takes, or what becomes of them."""
_OF_A_COLUMN = frozenset({"table column", "default value"})
_BASES = frozenset({"type", "function"})
"""Kinds that a table's parts are made of."""
_ADDS = frozenset({"InsertStmt", "CopyStmt"})
"""Statements that leave the rows of their table as they are, and only add some."""


def needed(
    prelude: Sequence[Statement],
    head: Sequence[Statement],
    tail: Sequence[Statement],
    manner: Manner,
) -> Mapping[str, str]:
    """By the identity of a table at the line, the first statement that needs its rows, and why.

    Args:
        prelude: What makes the platform's objects.
        head: What the baseline stands for.
        tail: What follows.
        manner: How the runner applies both.
    """
    read = effects.run((*head, *tail), before=prelude, manner=manner)
    known = _Known()
    for effect in read[: len(head)]:
        known.learn(effect)
    known.begin()
    found: dict[str, str] = {}
    for statement, effect in zip(tail, read[len(head) :], strict=True):
        place = f"{effect.place.path}:{effect.place.line}"
        for table, why in known.touched(effect, statement.kind in _ADDS):
            at_line = known.at_line.get(table, table)
            found.setdefault(at_line.identity, f"{place}, which stays as it is, {why}")
        known.learn(effect)
    return found


class _Known:
    """What leads from one object to another at a point of the history."""

    def __init__(self) -> None:
        self.at_line: dict[ObjectId, ObjectId] = {}
        """The name at the line of what has another one now."""
        self._since: set[ObjectId] = set()
        """What was made behind the line."""
        self._reads: defaultdict[ObjectId, set[ObjectId]] = defaultdict(set)
        """What a view or a function looks at, or names, when it runs."""
        self._points: defaultdict[ObjectId, set[ObjectId]] = defaultdict(set)
        """The tables that a table's foreign keys lead to."""
        self._carries: defaultdict[ObjectId, set[ObjectId]] = defaultdict(set)
        """The tables of which some part needs a type, a function or the like."""

    def begin(self) -> None:
        """From here on it is behind the line."""
        self._since.clear()
        self.at_line.clear()

    def learn(self, effect: Effect) -> None:
        """Takes up what a statement changes of that."""
        parts = {n.by: n.on for n in effect.needs if n.by and n.why is Reason.PART_OF}
        for need in effect.needs:
            if need.by and need.why in {Reason.QUERY, Reason.BODY}:
                self._reads[need.by].add(need.on)
            elif need.by in parts and need.why is Reason.FOREIGN_KEY:
                self._points[parts[need.by]].add(need.on)
            if need.by and need.on.kind in _BASES:
                self._carries[need.on].add(_table(need.by))
        for mention in effect.mentions:
            if mention.by:
                self._reads[mention.by].add(mention.on)
        self._since |= {*effect.creates}
        for old, new in effect.renames:
            self._rename(old, new)

    def _rename(self, old: ObjectId, new: ObjectId) -> None:
        self.at_line[new] = self.at_line.pop(old, old)
        for known in (self._reads, self._points, self._carries):
            known[new] |= known.pop(old, set())
            for targets in known.values():
                if old in targets:
                    targets.add(new)

    def touched(self, effect: Effect, adds: bool) -> Iterator[tuple[ObjectId, str]]:  # noqa: FBT001 - what kind of statement it is
        """The tables whose rows a statement needs or changes, each with what it does."""
        for _, inner in effect.within:
            yield from self.touched(inner, adds=False)
        direct = {n.on for n in effect.needs if n.by is None and n.why is Reason.ROWS}
        direct |= {mention.on for mention in effect.mentions if mention.by is None}
        direct |= {*effect.writes_rows, *effect.reads_rows}
        yield from ((one, _ROWS) for one in self._closed(direct, self._reads))
        for table in effect.writes_rows:
            yield from ((target, _POINTED) for target in sorted(self._points[table]))
            if not adds:
                back = self._pointing()
                yield from ((one, _POINTING) for one in self._closed({table}, back) - {table})
        changed = {name for name, aspect in effect.alters if not _leaves_rows(aspect)}
        yield from ((table, _TABLE) for table in self._reshaped(effect, changed))
        for name in sorted(changed.union(effect.replaces, effect.drops)):
            yield from ((table, _BENEATH) for table in sorted(self._carries[name]))

    def _reshaped(self, effect: Effect, changed: Iterable[ObjectId]) -> Iterator[ObjectId]:
        """The tables that take other rows, or other forms of them, when a statement is through."""
        parts = {n.by: n.on for n in effect.needs if n.by and n.why is Reason.PART_OF}
        for name in (
            *changed,
            *effect.drops,
            *(old for old, _ in effect.renames),
            *(name for name in effect.creates if name.kind in _SHAPE),
        ):
            yield _table(name)
        made = self._since.union(effect.creates)
        for need in effect.needs:  # a key looks for the targets of rows that are there already
            if need.why is Reason.FOREIGN_KEY and parts.get(need.by or need.on) not in made:
                yield need.on

    def _pointing(self) -> Mapping[ObjectId, set[ObjectId]]:
        """The tables whose foreign keys lead to each table."""
        found: defaultdict[ObjectId, set[ObjectId]] = defaultdict(set)
        for table, targets in self._points.items():
            for target in targets:
                found[target].add(table)
        return found

    @staticmethod
    def _closed(
        names: Iterable[ObjectId], further: Mapping[ObjectId, set[ObjectId]]
    ) -> frozenset[ObjectId]:
        """Some objects, and whatever one comes to from them."""
        found, left = set(names), list(names)
        while left:
            fresh = further.get(left.pop(), set()) - found
            found |= fresh
            left += fresh
        return frozenset(found)


def _leaves_rows(aspect: str) -> bool:
    return aspect in _BESIDE_ROWS or aspect.startswith(_MORE)


def _table(name: ObjectId) -> ObjectId:
    """The table whose shape changes where something does; itself if that is of no table."""
    if name.kind not in _SHAPE:
        return name
    if name.kind in _OF_A_COLUMN:
        return ObjectId("table", name.identity.removeprefix("for ").rpartition(".")[0])
    return ObjectId("table", name.identity.rpartition(" on ")[2])
