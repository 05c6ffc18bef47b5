"""Which object and which statement depends on which, and why.

It is read from the statements alone: it works without a server, and knows what a server forgets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from consolidate import effects, names, statements
from consolidate.effects import Reason
from consolidate.effects.things import SYSTEM_SCHEMAS
from consolidate.findings import OPAQUE_STATEMENT, STATEMENT_NOT_UNDERSTOOD
from consolidate.lives import Chronicle, Touch, Touched
from consolidate.model import Finding, Migration, ObjectId, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import networkx as nx

    from consolidate.effects import Effect
    from consolidate.lives import Life
    from consolidate.model import Manner, SourceSpan, Statement, StatementId

_SEPARATE = frozenset(
    {"trigger", "policy", "rule", "publication relation", "publication namespace", "default acl"}
)
"""Kinds that hang on a table but are made by statements of their own."""

_SYSTEM = tuple(f"{schema}." for schema in SYSTEM_SCHEMAS)
"""How the names of what every database has begin."""

_PART_OF = frozenset({Reason.PART_OF, Reason.OWNED_BY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Incarnation:
    """One object from its creation to its end; a node of the graph."""

    first: ObjectId
    """Its name when it was created."""
    number: int
    """1 for the first object created under that name, 2 for the next one, …"""
    final: ObjectId | None
    """Its name at the end of the history; None if it is gone by then."""
    external: bool = False
    """No statement of the history creates it: it comes from the platform, or from a statement
    whose effects are not known."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an edge is there."""

    reason: Reason | Touched
    place: SourceSpan
    statement_id: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that happened to one object that the history made."""

    first: ObjectId
    """Its name when it was created."""
    last: ObjectId
    """Its name at the end of the history, or when it was dropped."""
    ended: bool
    whole: ObjectId
    """What it is a part of, or hangs on, under its last name; itself otherwise."""
    touches: tuple[Touch, ...]


def read(
    files: Iterable[Iterable[Statement]], prelude: str, major: int, manner: Manner
) -> DependencyGraph:
    """The graph of a history on top of its platform, from their texts.

    Args:
        files: The history, in apply order.
        prelude: The SQL that makes the platform's empty database.
        major: The version of PostgreSQL whose names are wanted.
        manner: How the runner applies the files.
    """
    return build(
        effects.run(
            (statement for file in files for statement in file),
            before=_parsed(prelude),
            scope=effects.Scope(major=major),
            manner=manner,
        )
    )


def made_by(brings: Iterable[tuple[str, str]]) -> Mapping[ObjectId, str]:
    """What makes each object that is there before the history.

    Args:
        brings: SQL in apply order, each behind what it is that brings it.
    """
    texts = enumerate(brings)
    read = (one for number, (by, sql) in texts for one in _parsed(sql, number, by))
    found = build(effects.run(read))
    return {
        name: touch.place.path
        for name in found.surviving()
        for touch in found.life(name)
        if touch.what is Touched.CREATED
    }


def brought_by(name: ObjectId, brought: Mapping[ObjectId, str]) -> str:
    """What brings an object that the history never creates; empty if nothing is known to.

    Args:
        name: The object.
        brought: As `made_by` gives it.
    """
    every = name in _EVERYWHERE or name.identity.startswith(_SYSTEM)
    return "PostgreSQL" if every else brought.get(name, "")


_EVERYWHERE = frozenset(
    {ObjectId("schema", "public"), ObjectId("role", "postgres"), ObjectId("extension", "plpgsql")}
)
"""What `initdb` makes for the account that we use, as far as histories speak of it."""


def _parsed(sql: str, number: int = 0, path: str = "(platform)") -> tuple[Statement, ...]:
    return statements.parse(Migration(number=number, path=path, version="", text=sql, sha256=""))


def build(in_order: Iterable[Effect]) -> DependencyGraph:
    """The graph of a whole history, from its effects in order."""
    return DependencyGraph(Chronicle(in_order))


class DependencyGraph:
    """Answers about the objects of a history, by their names at its end.

    Where no object has a name at the end, the last one that bore it is meant.
    """

    def __init__(self, chronicle: Chronicle) -> None:
        self._chronicle = chronicle
        self._nodes: dict[Life, Incarnation] = {
            life: Incarnation(
                first=life.first,
                number=life.number,
                final=None if life.ended else life.name,
                external=life.external,
            )
            for life in chronicle.lives
        }
        self._lives = {node: life for life, node in self._nodes.items()}
        self._by_name = {life.name: life for life in chronicle.lives if life.ended}
        self._by_name.update(chronicle.current)
        self._parts: dict[Life, list[Life]] = {}
        for life in chronicle.lives:
            whole = _whole(life)
            if whole is not life and not life.ended:
                self._parts.setdefault(whole, []).append(life)

    @property
    def incarnations(self) -> tuple[Incarnation, ...]:
        """All objects of the history, in the order in which it first spoke of them."""
        return tuple(self._nodes.values())

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What each statement does, in order."""
        return self._chronicle.effects

    def touches(self, node: Incarnation) -> tuple[Touch, ...]:
        """What happened to one incarnation, in order."""
        return tuple(self._lives[node].touches)

    def names(self, node: Incarnation) -> tuple[ObjectId, ...]:
        """All names that an incarnation bore, in order."""
        renamed = (t.aspect for t in self.touches(node) if t.what is Touched.RENAMED)
        later = (ObjectId(node.first.kind, name) for name in renamed)
        return tuple(dict.fromkeys((node.first, *later)))

    def former(self) -> Iterator[tuple[Incarnation, Incarnation, Evidence]]:
        """What an object needed until a later statement let it be without that.

        Such as the type that a column had before, or what a text named that has another name now.
        No edge of the graph tells of that.
        """
        for life, node in self._nodes.items():
            for (on, why), effect in life.needed.items():
                yield node, self._nodes[on], Evidence(why, effect.place, effect.statement)
            for name, (then, effect) in life.mentions.items():
                if then is not None and self._late(name, then) != then.name:
                    evidence = Evidence(Reason.MENTION, effect.place, effect.statement)
                    yield node, self._nodes[then], evidence

    def home(self, node: Incarnation) -> Incarnation:
        """What an incarnation is a part of, an index of its table too; itself otherwise."""
        life = self._lives[node]
        return self._nodes[_indexed(life) or self._brought_whole(life) or _whole(life)]

    def _brought_whole(self, life: Life) -> Life | None:
        """The relation of a column that the history does not create; None for anything else."""
        if not (life.external and life.first.kind.endswith(" column")):
            return None
        relation = names.parted(life.first.identity, ".")[0]
        return self._by_name.get(ObjectId(life.first.kind.removesuffix(" column"), relation))

    def surviving(self) -> Mapping[ObjectId, Incarnation]:
        """What the history has built and not removed, by final name."""
        found = {
            name: self._nodes[life]
            for name, life in sorted(self._chronicle.current.items())
            if not life.external
        }
        return MappingProxyType(found)

    def vanished(self) -> tuple[Incarnation, ...]:
        """What the history built and removed again, in order of creation."""
        return tuple(n for n in self._nodes.values() if n.final is None and not n.external)

    def records(self) -> tuple[Record, ...]:
        """What happened to everything that the history made, in order of creation."""
        return tuple(
            Record(
                first=life.first,
                last=life.name,
                ended=life.ended,
                whole=(_indexed(life) or _whole(life)).name,
                touches=tuple(life.touches),
            )
            for life in self._chronicle.lives
            if not life.external
        )

    def life(self, name: ObjectId) -> tuple[Touch, ...]:
        """What happened to the object, in order; empty for one that no statement touches."""
        life = self._by_name.get(name)
        return tuple(life.touches) if life else ()

    def creator(self, name: ObjectId) -> StatementId | None:
        """The statement that created the object."""
        made = [t for t in self.life(name) if t.what is Touched.CREATED]
        return made[0].statement_id if made else None

    def whole(self, name: ObjectId) -> ObjectId:
        """The table of a column, constraint, default or own sequence; the object itself otherwise.

        A composite type's attributes, and the relation behind it, are parts of the type.
        """
        life = self._by_name.get(name)
        return _whole(life).name if life else name

    def parts(self, name: ObjectId) -> tuple[ObjectId, ...]:
        """The surviving parts of a table or composite type, in order of creation."""
        life = self._by_name.get(name)
        return tuple(part.name for part in self._parts.get(life, ())) if life else ()

    def needs(self, name: ObjectId, *, parts: bool = True) -> frozenset[ObjectId]:
        """What must exist before the object can: by final names, without the object's own parts.

        Args:
            name: The object.
            parts: Whether the needs of its columns, constraints and defaults count as its own.
        """
        life = self._by_name.get(name)
        if life is None:
            return frozenset()
        family = {life, *(self._parts.get(life, ()) if parts else ())}
        found = {on for one in family for on, _ in one.needs if on not in family}
        return frozenset(on.name for on in found if not on.ended)

    def mentions(self, name: ObjectId) -> frozenset[ObjectId]:
        """What the texts of the object name, to be looked up when they run: by final names."""
        life = self._by_name.get(name)
        if life is None:
            return frozenset()
        named = {on: then for on, (then, _) in life.mentions.items()}
        return frozenset(self._late(on, then) for on, then in named.items()) - {life.name}

    def statement_mentions(self, statement: StatementId) -> frozenset[ObjectId]:
        """What a DO block names: by final names."""
        named = self._chronicle.statement_mentions.get(statement, {})
        return frozenset(self._late(on, then) for on, then in named.items())

    def speaks_of(self, statement: StatementId) -> frozenset[ObjectId]:
        """The surviving objects that a statement touches, reads or needs: parts as their wholes."""
        if statement not in self.digraph:
            return frozenset()
        reached = self.digraph.successors(statement)
        finals = (node.final for node in reached if isinstance(node, Incarnation))
        return frozenset(self.whole(final) for final in finals if final is not None)

    def rows(self, table: ObjectId) -> tuple[StatementId, ...]:
        """The statements that change rows of the table, or the position of the sequence."""
        return tuple(t.statement_id for t in self.life(table) if t.what is Touched.ROWS)

    def opaque(self) -> tuple[Effect, ...]:
        """The effects that are not fully known."""
        return tuple(e for e in self._chronicle.effects if e.opaque)

    def findings(self) -> tuple[Finding, ...]:
        """One finding for every statement whose effect is not fully known."""
        return tuple(finding(effect) for effect in self.opaque())

    @cached_property
    def digraph(self) -> nx.DiGraph[Incarnation | StatementId]:
        """All incarnations and statements; an edge leads from what needs to what is needed.

        Every edge has `evidence`, a tuple of `Evidence`.
        """
        import networkx as nx  # noqa: PLC0415 - a quarter of a second, for some commands only

        graph: nx.DiGraph[Any] = nx.DiGraph()
        graph.add_nodes_from(e.statement for e in self._chronicle.effects)
        graph.add_nodes_from(self._nodes.values())
        for start, end, evidence in self._edges():
            seen = graph.get_edge_data(start, end, default={}).get("evidence", ())
            graph.add_edge(start, end, evidence=(*seen, evidence))
        return graph

    def _edges(self) -> Iterable[tuple[Incarnation | StatementId, Incarnation, Evidence]]:
        for life, node in self._nodes.items():
            for (on, why), effect in life.needs.items():
                evidence = Evidence(why, effect.place, effect.statement)
                yield node, self._nodes[on], evidence
            for name, (then, effect) in life.mentions.items():
                on_life = self._by_name.get(self._late(name, then))
                evidence = Evidence(Reason.MENTION, effect.place, effect.statement)
                if on_life is not None and on_life is not life:
                    yield node, self._nodes[on_life], evidence
            for touch in life.touches:
                evidence = Evidence(touch.what, touch.place, touch.statement_id)
                yield touch.statement_id, node, evidence
        for statement, needs in self._chronicle.statement_needs.items():
            for (on, why), effect in needs.items():
                yield statement, self._nodes[on], Evidence(why, effect.place, statement)

    def _late(self, name: ObjectId, then: Life | None) -> ObjectId:
        """What a late-bound name means at the end: the object that bears it then, if any.

        What another schema has is meant where the text names none, as far as anybody knows.
        """
        if name in self._chronicle.current or then is None:
            return name
        return then.name if _less_schema(then.name) == _less_schema(name) else name


def _less_schema(name: ObjectId) -> tuple[str, str]:
    """What a name says besides the schema: of a column its relation, too."""
    whole, own = names.parted(name.identity.partition("(")[0], ".")
    return (names.parted(whole, ".")[1] if name.kind.endswith(" column") else ""), own


def _whole(life: Life) -> Life:
    """The object that the life is a part of, however deep."""
    if life.first.kind in _SEPARATE:
        return life
    for on, why in life.needs:
        if why in _PART_OF and on.first.kind != "schema" and on is not life:
            return _whole(on)
    return life


def _indexed(life: Life) -> Life | None:
    """The relation that an index is on; None for anything else."""
    if life.first.kind != "index":
        return None
    relations = (on for on, why in life.needs if why is Reason.INDEX and on.first.kind in _INDEXED)
    return next(relations, None)


_INDEXED = frozenset({"table", "materialized view"})


def finding(effect: Effect) -> Finding:
    """What to say of a statement whose effect is not fully known."""
    reason = effect.opaque or ""
    unread = "not understood" in reason or "could not be read" in reason
    return Finding(
        code=STATEMENT_NOT_UNDERSTOOD if unread else OPAQUE_STATEMENT,
        severity=Severity.WARNING if unread else Severity.INFO,
        message=reason,
        span=effect.place,
    )
