"""The life story of one object: what touched it, what it depends on and what depends on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.effects import Reason
from consolidate.graph import Evidence, Incarnation
from consolidate.lives import Touched
from consolidate.model import ObjectId
from consolidate.retelling import Deed, in_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from consolidate.effects import Effect
    from consolidate.graph import DependencyGraph
    from consolidate.model import SourceSpan, Statement, StatementId

_USES: Mapping[str, str] = {
    Reason.ROWS: "used by a statement about rows",
    Reason.ROLE: "named as a role",
    Reason.QUERY: "used by a query",
}
"""What a statement wants of an object that it leaves as it is."""

_HANGING = frozenset({"trigger", "policy", "rule"})
"""Kinds that are told with the relation that they hang on, though statements of their own make
them."""


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
    """Whether the other object is not there at the end."""
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
    brought: bool
    """Whether the platform brings it."""
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
        brought: Collection[ObjectId] = (),
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
                above = self._hung_on(node) or node
            if above != node:
                self._families[above].append(node)

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
            brought=node.first in self._brought,
            whole=self._graph.names(home)[-1] if home != node else None,
            family=tuple(self._graph.names(one)[-1] for one in family[1:]),
            events=tuple(self._events(node, family)),
            needs=tuple(tie for tie in out if tie.reason is not Reason.MENTION),
            needed_by=tuple(tie for tie in into if tie.reason is not Reason.MENTION),
            mentions=_late(out),
            mentioned_by=_late(into),
        )

    def _hung_on(self, node: Incarnation) -> Incarnation | None:
        """The relation that a trigger, policy or rule is on."""
        digraph = self._graph.digraph
        for on in digraph.successors(node):
            evidence = digraph.edges[node, on]["evidence"]
            if any(one.reason is Reason.PART_OF for one in evidence) and isinstance(
                on, Incarnation
            ):
                return on
        return None

    # -- what happened --------------------------------------------------------------------

    def _events(self, node: Incarnation, family: tuple[Incarnation, ...]) -> Iterator[Event]:
        deeds: dict[StatementId, list[Deed]] = defaultdict(list)
        for one in family:
            name = one.first
            for touch in self._graph.touches(one):
                deeds[touch.statement_id].append(Deed.of(name, touch, own=one is node))
                if touch.what is Touched.RENAMED:
                    name = ObjectId(name.kind, touch.aspect)
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

    def _told(self, deeds: list[Deed], effect: Effect, node: Incarnation) -> str:
        aim = effect.drops[0] if effect.drops else None
        names = self._graph.names(node)
        along = "" if aim is None or aim in names else str(aim)
        statement = self._statements.get(effect.statement)
        kind = statement.kind if statement else ""
        return in_words(deeds, kind, along=along, rights=_rights(statement, effect))

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
                found.setdefault(by, _used(reasons))
        last = self._graph.names(node)[-1]
        for effect in self._graph.effects:
            if effect.mentions and effect.statement not in {*deeds, *found}:
                named = self._graph.statement_mentions(effect.statement)
                if last in named:
                    found[effect.statement] = "named in a text that runs there"
        return found

    # -- what it is tied to ---------------------------------------------------------------

    def _ties(self, family: tuple[Incarnation, ...], *, outward: bool) -> Iterator[Tie]:
        """What the family needs, or what needs it, by object and reason."""
        digraph = self._graph.digraph
        inside = set(family)
        found: dict[tuple[Incarnation, Reason], list[tuple[Incarnation, Incarnation, Evidence]]]
        found = defaultdict(list)
        for one in family:
            others = digraph.successors(one) if outward else digraph.predecessors(one)
            for other in others:
                if not isinstance(other, Incarnation) or other in inside:
                    continue
                by, on = (one, other) if outward else (other, one)
                for evidence in digraph.edges[by, on]["evidence"]:
                    in_schema = evidence.reason is Reason.PART_OF and one is not family[0]
                    if isinstance(evidence.reason, Reason) and not in_schema:
                        found[self._shown(family[0], other), evidence.reason].append(
                            (by, on, evidence)
                        )
        ties = (self._tie(home, why, edges) for (home, why), edges in found.items())
        yield from sorted(ties, key=lambda tie: (tie.gone, tie.object, tie.reason))

    def _shown(self, node: Incarnation, other: Incarnation) -> Incarnation:
        """A part as its whole, unless the story is about another part of that whole."""
        home = self._graph.home(other)
        return other if home == self._graph.home(node) != node else home

    def _tie(
        self,
        home: Incarnation,
        reason: Reason,
        edges: list[tuple[Incarnation, Incarnation, Evidence]],
    ) -> Tie:
        by, on, evidence = zip(*edges, strict=True)
        places = {e.statement_id: e.place for e in evidence}
        return Tie(
            object=self._graph.names(home)[-1],
            reason=reason,
            gone=home.final is None,
            by=tuple(sorted({self._graph.names(one)[-1] for one in by})),
            on=tuple(sorted({self._graph.names(one)[-1] for one in on})),
            places=tuple(places[one] for one in sorted(places, key=self._order.__getitem__)),
        )


def _rights(statement: Statement | None, effect: Effect) -> str:
    """Whether rights were granted or revoked, and whose; empty if it is about nothing of that."""
    begins = statement.sql[:6].upper() if statement else ""
    verbs = (("GRANT", "granted to"), ("REVOKE", "revoked from"))
    verb = next((said for word, said in verbs if begins.startswith(word)), "")
    roles = dict.fromkeys(need.on.identity for need in effect.needs if need.why is Reason.ROLE)
    return f"rights {verb} {', '.join(roles) or 'everybody'}" if verb else ""


def _late(ties: list[Tie]) -> tuple[Tie, ...]:
    """Mentions of what nothing else ties the object to."""
    hard = {tie.object for tie in ties if tie.reason is not Reason.MENTION}
    return tuple(t for t in ties if t.reason is Reason.MENTION and t.object not in hard)


def _used(reasons: Iterable[str]) -> str:
    """What a statement wants that leaves the object as it is."""
    return ", ".join(_USES.get(why, f"used: {why}") for why in reasons)
