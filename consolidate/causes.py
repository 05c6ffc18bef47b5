"""Tells why files do not apply: a few root causes instead of an error for every file."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from consolidate.effects import Effect
    from consolidate.model import ObjectId, Refused
    from consolidate.replay import Failure

_MISSING = re.compile(
    r'(?P<kind>[a-z ]+?) (?P<name>"(?:[^"]|"")+"|[^\s"]+\([^)]*\)|[^\s"]+)'
    r'(?: (?:of relation|for table|on table) "(?P<table>(?:[^"]|"")+)")? does not exist\b'
)
_RELATIONS = frozenset(
    {"table", "view", "materialized view", "foreign table", "sequence", "index", "composite type"}
)
_ROUTINES = frozenset({"function", "procedure", "aggregate", "routine"})
_NEAR = re.compile(r"Perhaps you meant .*")
"""The server's hint at something that is there."""
_SHOWN = 12
"""Names of files that a line shows before it only counts them."""

_Key = tuple[str, str, str]
"""Name space, table (of a column or the like) and name, without schemas: what messages tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One thing that keeps files from applying."""

    place: str
    """`file:line:col` where it shows first."""
    what: str
    """In words."""
    root: str
    """The file that shows it first."""
    missing: str
    """The object that nothing creates, such as `table public.profiles`; empty if that is not it."""
    files: tuple[str, ...]
    """All files that do not apply because of it, directly or not, in apply order."""
    more: tuple[str, ...] = ()
    """What else is wrong with the first of them, a line each, with its place."""

    def __str__(self) -> str:
        others = [file for file in self.files if file != self.root]
        shown = ", ".join(others[:_SHOWN])
        more = f", and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        if not others:
            return f"{self.place}: {self.what}"
        verb = "fails" if len(others) == 1 else "fail"
        also = f"so {counted(len(others), 'other file')} {verb}: {shown}{more}"
        return f"{self.place}: {self.what}; {also}"


def find(
    refused: Sequence[Refused], failures: Sequence[Failure], effects: Sequence[Effect]
) -> tuple[Cause, ...]:
    """The causes behind files that can not be read and files that do not apply, the widest first.

    A file that fails for want of what another failing file would have made is laid to that
    file's cause.

    Args:
        refused: Files that can not be read or parsed.
        failures: The first failure of each file that does not apply, in apply order.
        effects: Of all statements of the files that can be parsed, failing ones included.
    """
    return _Search(refused, failures, effects).causes()


class _Search:
    """Follows each failure to its root."""

    def __init__(
        self, refused: Sequence[Refused], failures: Sequence[Failure], effects: Sequence[Effect]
    ) -> None:
        self._refused = {one.path: one for one in refused}
        self._failures = {failure.statement.path: failure for failure in failures}
        self._order = {path: n for n, path in enumerate((*self._refused, *self._failures))}
        self._makers: dict[_Key, list[str]] = defaultdict(list)
        self._users: dict[_Key, set[str]] = defaultdict(set)
        self._known: dict[_Key, ObjectId] = {}
        self._droppers: dict[_Key, list[str]] = defaultdict(list)
        self._first: dict[str, int] = {}
        """Where the file stands in the history, among those that could be parsed."""
        for effect in effects:
            self._first.setdefault(effect.place.path, len(self._first))
            self._note(effect)

    def causes(self) -> tuple[Cause, ...]:
        roots: dict[tuple[str, _Key | None], list[str]] = defaultdict(list)
        for path in self._order:
            roots[self._root(path)].append(path)
        found = [self._cause(root, key, files) for (root, key), files in roots.items()]
        return tuple(sorted(found, key=lambda c: (-len(c.files), self._order[c.files[0]])))

    def _note(self, effect: Effect) -> None:
        path = effect.place.path
        for made in (*effect.creates, *effect.spares, *(new for _, new in effect.renames)):
            for key in _keys(made):
                self._makers[key].append(path)
        for gone in (*effect.drops, *(old for old, _ in effect.renames)):
            for key in _keys(gone):
                self._droppers[key].append(path)
        used = {need.on for need in effect.needs} | {m.on for m in effect.mentions}
        used |= {name for name, _ in effect.alters} | {*effect.drops}
        for name in sorted(used | {*effect.reads_rows, *effect.writes_rows}):
            for key in _keys(name):
                self._known.setdefault(key, name)
                self._users[key].add(path)

    def _root(self, path: str) -> tuple[str, _Key | None]:
        """The file whose own trouble is behind a file's, or the object that nothing makes."""
        seen: set[str] = set()
        while True:
            seen.add(path)
            key = self._missing(path) if path not in self._refused else None
            if key is None:
                return path, None
            makers = self._makers.get(key, [])
            failing = [m for m in makers if m in self._order and m not in seen]
            parsing = [o.path for o in self._refused.values() if _may_make(o, key)]
            further = next((m for m in (*failing, *parsing) if m not in seen), None)
            if further is None:
                return ("", key) if not makers else (path, None)
            path = further

    def _missing(self, path: str) -> _Key | None:
        """What the server did not find, by its message."""
        match = _MISSING.search(self._failures[path].message)
        if match is None:
            return None
        name = match["name"].split("(")[0].strip('"')
        table = match["table"] or ""
        if match["kind"].strip() == "column" and "." in name:
            table, _, name = name.rpartition(".")
        return _space(match["kind"].strip()), table.rpartition(".")[2], name.rpartition(".")[2]

    def _cause(self, root: str, key: _Key | None, files: list[str]) -> Cause:
        if root in self._refused:
            first, *more = self._refused[root].problems
            place, _, what = first.partition(": ")
            return Cause(
                place=place,
                what=what,
                root=root,
                missing="",
                files=tuple(files),
                more=tuple(more),
            )
        if key is None:
            failure = self._failures[root]
            what = failure.message + self._later(root)
            return Cause(place=failure.place, what=what, root=root, missing="", files=tuple(files))
        failure = self._failures[files[0]]
        known = self._known.get(key)
        name = str(known) if known else f"{key[0]} {'.'.join(filter(None, key[1:]))}"
        users = {*self._users.get(key, ()), *(f for f in files if self._missing(f) == key)}
        near = _NEAR.search(failure.message)
        what = f"{name} is used by {counted(len(users), 'file')} and created by none"
        what += f" ({near[0]})" if near else ""
        return Cause(
            place=failure.place, what=what, root=files[0], missing=name, files=tuple(files)
        )

    def _later(self, path: str) -> str:
        """What to add if the thing that is missing is made at another time, or was taken away."""
        key = self._missing(path)
        if key is None:
            return ""
        here = self._first[path]
        before = [p for p in self._droppers.get(key, []) if self._first[p] < here]
        if before:
            return f" ({before[-1]} takes it away)"
        makers = [maker for maker in self._makers.get(key, []) if maker != path]
        later = makers and all(self._first[maker] > here for maker in makers)
        return f" ({makers[0]} makes it; is the order right?)" if later else ""


def _keys(name: ObjectId) -> tuple[_Key, ...]:
    """What messages may call an object: a column with its table or without."""
    try:
        parts = names.split(name.identity.partition(" on ")[0])
    except ValueError:  # not every kind has a dotted name
        parts = (name.identity,)
    space = _space(name.kind)
    if space == "column" and len(parts) > 1:
        return (space, parts[-2], parts[-1]), (space, "", parts[-1])
    return ((space, "", parts[-1]),)


def _space(kind: str) -> str:
    """Kinds that messages do not tell apart."""
    if kind in _RELATIONS or kind == "relation":
        return "relation"
    if kind in _ROUTINES:
        return "function"
    return "column" if kind.endswith("column") else kind


def _may_make(refused: Refused, key: _Key) -> bool:
    """Whether a file that can not be parsed seems to create the thing."""
    pattern = rf"(?i)\b(?:create|add|rename)\b[^;]*?\b{re.escape(key[2])}\b"
    return re.search(pattern, refused.migration.text) is not None


def listed(causes: Iterable[Cause]) -> Iterator[str]:
    """What the causes lack and nothing creates, each once."""
    yield from dict.fromkeys(cause.missing for cause in causes if cause.missing)
