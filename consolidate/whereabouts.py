"""Tells where in an output an object of the history ended up, and in which wording."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from consolidate import graph, layout, statements
from consolidate.errors import InputProblem
from consolidate.model import Manner, Migration
from consolidate.phrases import counted, listed
from consolidate.story import Event, Stories
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consolidate.effects import Effect
    from consolidate.fates import DataStatements
    from consolidate.graph import Incarnation
    from consolidate.manifest import MadeObject, Manifest
    from consolidate.model import ObjectId, Statement
    from consolidate.story import Story
    from consolidate.study import Study

_WORDINGS: Mapping[str, str] = {
    Rung.VERBATIM: "the authors' own statement",
    Rung.FOLDED: "the authors' statement, with what later statements changed merged in",
    Rung.SERVER: "PostgreSQL's structure put back together, with the authors' expressions",
    Rung.AS_WAS: "the legacy statements of its whole component, in the order in which they ran",
}

_FEW = 3
"""Statements that are named in a reason; the sources have them all."""

_LINES = re.compile(r"(\d+)(?:-(\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """One file of the output that makes the object."""

    path: str
    """Below the output folder."""
    line: int | None
    """Of the statement that makes it; None where that can not be read."""
    rung: str
    wording: str
    """What the rung means."""
    reason: str
    """Which later statements went into it, if any did."""
    sources: tuple[str, ...]
    """`file:line` of these, in apply order."""
    rollback: str
    """The file that takes it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """What an output has of one object."""

    whole: ObjectId | None
    """What the object is written as a part of, where it has no entry of its own."""
    landings: tuple[Landing, ...]
    events: tuple[Event, ...]
    """What the statements of the output do to it."""
    tail: tuple[Event, ...]
    """What the legacy statements do to it that stay as they are, behind the line."""
    seen: tuple[Event, ...]
    """What a server saw of legacy statements whose effects can not be read."""
    rows: tuple[DataStatements, ...]
    """What became of the statements about its rows."""

    def fate(self, event: Event) -> DataStatements | None:
        """What became of an event that is about the object's rows."""
        for one in self.rows:
            file, _, lines = one.lines.rpartition(":")
            ranges = ((int(a), int(b or a)) for a, b in _LINES.findall(lines))
            within = any(first <= event.place.line <= last for first, last in ranges)
            if file == event.place.path and within:
                return one
        return None


class Output:
    """An output on disk."""

    def __init__(self, told: Manifest, tree: Mapping[str, str], prelude: str) -> None:
        self._told = told
        self._tree = tree
        self._prelude = prelude

    def stale(self, study: Study) -> tuple[str, ...]:
        """The legacy files that are others than those that the output was made from, sorted."""
        then = {one.path: one.sha256 for one in self._told.inputs}
        now = {m.path: m.sha256 for m in study.reading.history.migrations}
        return tuple(sorted(path for path in now if then.get(path) != now[path]))

    def unread(self) -> tuple[str, ...]:
        """The files of the output that can not be parsed, sorted."""
        return self._parsed[1]

    def of(self, story: Story, unclear: Mapping[str, Effect]) -> Whereabouts:
        """What the output has of the object of a story.

        Args:
            story: Of an object that is there at the end.
            unclear: The effects of the history that are not fully known, by `file:line`.
        """
        found = self._there.get(story.object)
        told = self._stories.of(found) if found else None
        named, whole = self._entries(story.object), None
        if not named and story.whole is not None:
            named, whole = self._entries(story.whole), story.whole
        lines = dict(self._made(story.object))
        return Whereabouts(
            whole=whole if named else None,
            landings=tuple(_landing(one, lines.get(one.path)) for one in named),
            events=told.events if told else (),
            tail=tuple(e for e in story.events if f"{layout.TAIL}{e.place.path}" in self._tree),
            seen=tuple(self._seen(story, told, unclear)),
            rows=tuple(r for r in self._told.data if story.object.identity in r.tables),
        )

    def _entries(self, name: ObjectId) -> list[MadeObject]:
        """What the manifest says of an object, its rows and rights apart."""
        alone = [o for o in self._told.objects if (o.kind, o.object) == name]
        together = (o for o in self._told.objects if o.kind == "component")
        return alone or [o for o in together if f", {name}, " in f", {o.object}, "]

    def _made(self, name: ObjectId) -> Iterator[tuple[str, int]]:
        for touch in self._graph.life(name)[:1]:
            yield touch.place.path, touch.place.line

    def _seen(
        self, story: Story, told: Story | None, unclear: Mapping[str, Effect]
    ) -> Iterator[Event]:
        """What is made by statements that could not be read, as the replay saw it."""
        family = (story.object, *(told.family if told else ()))
        users = (tie.object for tie in (told.needed_by if told else ()))
        did = dict.fromkeys(map(str, users), ", which needs it,") | dict.fromkeys(
            map(str, family), ""
        )
        known = {str(one) for one in (*story.family, *(tie.object for tie in story.needed_by))}
        for one in self._told.objects:
            name = f"{one.kind} {one.object}"
            if name in did and name not in known:
                for effect in (unclear[place] for place in one.sources if place in unclear):
                    yield Event(
                        statement=effect.statement,
                        place=effect.place,
                        what=("seen",),
                        told=f"{name}{did[name]} made or changed, as a server saw it",
                    )

    @cached_property
    def _parsed(self) -> tuple[tuple[tuple[Statement, ...], ...], tuple[str, ...]]:
        files, unread = [], []
        for number, path in enumerate(layout.in_order(self._tree), 1):
            text = self._tree[path]
            try:
                files.append(
                    statements.parse(
                        Migration(number=number, path=path, version="", text=text, sha256="")
                    )
                )
            except InputProblem:  # somebody edited it; `verify` tells
                unread.append(path)
        return tuple(files), tuple(unread)

    @cached_property
    def _graph(self) -> graph.DependencyGraph:
        return graph.read(self._parsed[0], self._prelude, self._told.major, Manner())

    @cached_property
    def _there(self) -> Mapping[ObjectId, Incarnation]:
        """What the output makes and what it uses, by its name at the end."""
        return {node.final: node for node in self._graph.incarnations if node.final}

    @cached_property
    def _stories(self) -> Stories:
        return Stories(self._graph, (one for file in self._parsed[0] for one in file))


def _landing(one: MadeObject, line: int | None) -> Landing:
    later = one.sources[1:] if one.rung != Rung.VERBATIM else ()
    went = f"{counted(len(later), 'later statement')} went into it: {listed(later, _FEW)}"
    return Landing(
        path=one.path,
        line=line,
        rung=one.rung,
        wording=_WORDINGS.get(one.rung, one.rung),
        reason=went if later else "",
        sources=one.sources,
        rollback=layout.rollback_of(one.path),
    )
