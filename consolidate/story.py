"""The life story of one object: what touched it, what it depends on and what depends on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from consolidate import granting
from consolidate.effects import Reason
from consolidate.graph import Evidence, Incarnation, brought_by
from consolidate.lives import Touched
from consolidate.model import ObjectId
from consolidate.phrases import listed
from consolidate.retelling import About, Deed, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from consolidate.effects import Effect
    from consolidate.graph import DependencyGraph
    from consolidate.model import SourceSpan, Statement, StatementId

_USES: Mapping[str, str] = {
    Reason.ROWS: "used by a statement about rows",
    Reason.ROLE: "named as a role",
    Reason.QUERY: "used by a query or an expression",
    Reason.PART_OF: "something is put into it",
    Reason.INHERITANCE: "copied by LIKE",
    Reason.TARGET: "named as a target",
}
"""What a statement wants of an object that it leaves as it is."""

_FEW = 3
"""Names that are listed for one statement."""

_HANGING = frozenset({"trigger", "policy", "rule"})
"""Kinds that are told with the relation that they hang on, though statements of their own make
them."""


_Edge: TypeAlias = tuple[Incarnation, Incarnation, Evidence]
"""What needs, what is needed, and why."""

_REQUIRES: Mapping[Touched, str] = {
    Touched.CREATED: "set not null",
    Touched.DROPPED: "drop not null",
}
"""What the making and the end of a NOT NULL constraint do to its column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What one statement did to the object, or wanted of it."""

    statement: StatementId
    place: SourceSpan
    what: tuple[str, ...]
    """`created`, `altered`, …, each once; `used` where it only needs the object."""
    told: str
    """In words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """One dependency, with everything that it rests on."""

    object: ObjectId
    """The other object, under its last name; a part as its whole."""
    reason: Reason
    gone: bool
    """Whether it does not last to the end: the other object is gone, or what needed it is, though
    the object of the story is there."""
    by: tuple[ObjectId, ...]
    """Which parts need something, sorted."""
    on: tuple[ObjectId, ...]
    """Which parts are needed, sorted."""
    places: tuple[SourceSpan, ...]
    """Of the statements that it comes from, in apply order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One incarnation, from its making to its end."""

    object: ObjectId
    """Under its last name."""
    names: tuple[ObjectId, ...]
    """All names that it bore, in order."""
    number: int
    """How many objects were made under its first name, up to this one."""
    ended: bool
    external: bool
    """Whether no statement of the history is known to make it."""
    brought: str
    """What brings it, where that is not the history: the platform, the runner, …"""
    whole: ObjectId | None
    """What it is a part of, if anything."""
    family: tuple[ObjectId, ...]
    """Its parts and what hangs on it, under their last names, in order of creation."""
    events: tuple[Event, ...]
    needs: tuple[Tie, ...]
    needed_by: tuple[Tie, ...]
    mentions: tuple[Tie, ...]
    """What its texts name, to be looked up when they run."""
    mentioned_by: tuple[Tie, ...]


class Stories:
    """Tells the stories of a history's objects."""

    def __init__(
        self,
        graph: DependencyGraph,
        statements: Iterable[Statement],
        brought: Mapping[ObjectId, str] = MappingProxyType({}),
    ) -> None:
        self._graph = graph
        self._brought = brought
        self._statements = {statement.id: statement for statement in statements}
        self._order = {effect.statement: n for n, effect in enumerate(graph.effects)}
        self._effects = {effect.statement: effect for effect in graph.effects}
        self._families: dict[Incarnation, list[Incarnation]] = defaultdict(list)
        for node in graph.incarnations:
            above = graph.home(node)
            if above == node and node.first.kind in _HANGING:
                above = next(self._ends(node, Reason.PART_OF), node)
            if above != node:
                self._families[above].append(node)
        self._former: dict[tuple[Incarnation, bool], list[_Edge]] = defaultdict(list)
        for by, on, evidence in graph.former():
            self._former[by, True].append((by, on, evidence))
            self._former[on, False].append((by, on, evidence))

    def of(self, node: Incarnation) -> Story:
        """The story of one incarnation."""
        family = (node, *self._families.get(node, ()))
        home = self._graph.home(node)
        out = list(self._ties(family, outward=True))
        into = list(self._ties(family, outward=False))
        return Story(
            object=self._graph.names(node)[-1],
            names=self._graph.names(node),
            number=node.number,
            ended=node.final is None,
            external=node.external,
            brought=brought_by(node.first, self._brought) if node.external else "",
            whole=self._graph.names(home)[-1] if home != node else None,
            family=tuple(self._graph.names(one)[-1] for one in family[1:]),
            events=tuple(self._events(node, family)),
            needs=tuple(tie for tie in out if tie.reason is not Reason.MENTION),
            needed_by=tuple(tie for tie in into if tie.reason is not Reason.MENTION),
            mentions=_late(out),
            mentioned_by=_late(into),
        )

    def _ends(
        self, node: Incarnation, reason: Reason, *, outward: bool = True
    ) -> Iterator[Incarnation]:
        """The objects that one needs for a reason, or that need it."""
        digraph = self._graph.digraph
        for other in digraph.successors(node) if outward else digraph.predecessors(node):
            edge = digraph.edges[(node, other) if outward else (other, node)]
            if isinstance(other, Incarnation) and reason in {e.reason for e in edge["evidence"]}:
                yield other

    # -- what happened --------------------------------------------------------------------

    def _events(self, node: Incarnation, family: tuple[Incarnation, ...]) -> Iterator[Event]:
        deeds: dict[StatementId, list[Deed]] = defaultdict(list)
        for one in family:
            name = one.first
            required = one is not node and any(self._ends(one, Reason.NOT_NULL))
            for touch in self._graph.touches(one):
                if not (required and touch.what in _REQUIRES):
                    deeds[touch.statement_id].append(Deed.of(name, touch, own=one is node))
                if touch.what is Touched.RENAMED:
                    name = ObjectId(name.kind, touch.aspect)
            for statement, aspect in self._requirements(one):
                before = self._name_before(one, statement)
                changed = Deed(object=before, own=one is node, what=Touched.ALTERED, aspect=aspect)
                deeds[statement].append(changed)
        uses = self._uses(node, family, deeds)
        for statement in sorted({*deeds, *uses}, key=self._order.__getitem__):
            effect = self._effects[statement]
            done = deeds.get(statement, [])
            yield Event(
                statement=statement,
                place=effect.place,
                what=tuple(dict.fromkeys(str(deed.what) for deed in done)) or ("used",),
                told=self._told(done, effect, node) if done else uses[statement],
            )

    def _requirements(self, node: Incarnation) -> Iterator[tuple[StatementId, str]]:
        """The statements that let a column or domain have no NULL, or have it again.

        PostgreSQL 18 keeps that as a constraint with a name, 16 does not: it is told as what it
        does. Statements that make or drop the column itself are not among them.
        """
        own = {t.statement_id for t in self._graph.touches(node) if t.what in _REQUIRES}
        for constraint in self._ends(node, Reason.NOT_NULL, outward=False):
            for touch in self._graph.touches(constraint):
                if touch.what in _REQUIRES and touch.statement_id not in own:
                    yield touch.statement_id, _REQUIRES[touch.what]

    def _name_before(self, node: Incarnation, statement: StatementId) -> ObjectId:
        """What an incarnation was called when a statement ran."""
        renamed = (t for t in self._graph.touches(node) if t.what is Touched.RENAMED)
        earlier = [t for t in renamed if self._order[t.statement_id] < self._order[statement]]
        return ObjectId(node.first.kind, earlier[-1].aspect) if earlier else node.first

    def _told(self, deeds: list[Deed], effect: Effect, node: Incarnation) -> str:
        aim = effect.drops[0] if effect.drops else None
        names = self._graph.names(node)
        statement = self._statements.get(effect.statement)
        about = About(
            command=statement.kind if statement else "",
            along="" if aim is None or aim in names else str(aim),
            granting=granting.read(statement),
            owner=next((n.on.identity for n in effect.needs if n.why is Reason.ROLE), ""),
        )
        return in_words(deeds, about)

    def _uses(
        self,
        node: Incarnation,
        family: tuple[Incarnation, ...],
        deeds: Mapping[StatementId, object],
    ) -> dict[StatementId, str]:
        """The statements that need the object without touching it, and why."""
        found: dict[StatementId, str] = {}
        digraph = self._graph.digraph
        for one in family:
            for by in digraph.predecessors(one):
                if isinstance(by, Incarnation) or by in deeds:
                    continue
                if {*self._effects[by].reads_rows} & {*self._graph.names(one)}:
                    found[by] = "rows read"
                reasons = dict.fromkeys(e.reason for e in digraph.edges[by, one]["evidence"])
                given = self._given(node, by) if Reason.ROLE in reasons else ""
                found.setdefault(by, given or _used(reasons))
        last = self._graph.names(node)[-1]
        for effect in self._graph.effects:
            if effect.mentions and effect.statement not in {*deeds, *found}:
                named = self._graph.statement_mentions(effect.statement)
                if last in named:
                    found[effect.statement] = "named in a text that runs there"
        return found

    def _given(self, role: Incarnation, statement: StatementId) -> str:
        """What a statement gives a role or takes from it; empty if it does neither."""
        effect = self._effects[statement]
        owned = [str(name) for name, aspect in effect.alters if aspect == "owner"]
        if owned:
            return f"made the owner of {listed(owned, _FEW)}"
        given = granting.read(self._statements.get(statement))
        if given is None:
            return ""
        things = [*(n for n, aspect in effect.alters if aspect == "rights"), *effect.creates]
        return given.of(self._name_before(role, statement).identity, tuple(things))

    # -- what it is tied to ---------------------------------------------------------------

    def _ties(self, family: tuple[Incarnation, ...], *, outward: bool) -> Iterator[Tie]:
        """What the family needs, or what needs it, by object, reason and whether that lasts."""
        inside = set(family)
        ended = family[0].final is None
        found: dict[tuple[Incarnation, Reason, bool], list[_Edge]] = defaultdict(list)
        for one in family:
            for edge, lasts in self._edges(one, outward=outward):
                by, on, evidence = edge
                other = on if outward else by
                in_schema = evidence.reason is Reason.PART_OF and one is not family[0]
                if other in inside or in_schema or not isinstance(evidence.reason, Reason):
                    continue
                shown = self._shown(family[0], other)
                gone = shown.final is None if ended else not lasts
                found[shown, evidence.reason, gone].append(edge)
        ties = (self._tie(*key, edges) for key, edges in found.items())
        yield from sorted(ties, key=lambda tie: (tie.gone, tie.object, tie.reason))

    def _edges(self, node: Incarnation, *, outward: bool) -> Iterator[tuple[_Edge, bool]]:
        """All that one object ever needed, or that ever needed it, and whether it still does."""
        digraph = self._graph.digraph
        for other in digraph.successors(node) if outward else digraph.predecessors(node):
            if isinstance(other, Incarnation):
                by, on = (node, other) if outward else (other, node)
                for evidence in digraph.edges[by, on]["evidence"]:
                    yield (by, on, evidence), None not in {by.final, on.final}
        for edge in self._former.get((node, outward), ()):
            yield edge, False

    def _shown(self, node: Incarnation, other: Incarnation) -> Incarnation:
        """A part as its whole, unless the story is about another part of that whole."""
        home = self._graph.home(other)
        return other if home == self._graph.home(node) != node else home

    def _tie(
        self,
        home: Incarnation,
        reason: Reason,
        gone: bool,  # noqa: FBT001 - one part of a key
        edges: list[_Edge],
    ) -> Tie:
        by, on, evidence = zip(*edges, strict=True)
        places = {e.statement_id: e.place for e in evidence}
        return Tie(
            object=self._graph.names(home)[-1],
            reason=reason,
            gone=gone,
            by=tuple(sorted({self._graph.names(one)[-1] for one in by})),
            on=tuple(sorted({self._graph.names(one)[-1] for one in on})),
            places=tuple(places[one] for one in sorted(places, key=self._order.__getitem__)),
        )


def _late(ties: list[Tie]) -> tuple[Tie, ...]:
    """Mentions of what nothing else ties the object to."""
    hard = {tie.object for tie in ties if tie.reason is not Reason.MENTION}
    return tuple(t for t in ties if t.reason is Reason.MENTION and t.object not in hard)


def _used(reasons: Iterable[str]) -> str:
    """What a statement wants that leaves the object as it is."""
    return ", ".join(_USES.get(why, f"used: {why}") for why in reasons)
