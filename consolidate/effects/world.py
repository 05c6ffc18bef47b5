"""What the history has built so far: finding objects, and what goes when one goes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from itertools import count
from typing import TYPE_CHECKING, Any

from consolidate.effects.journal import Journal
from consolidate.effects.things import RELATIONS, ROUTINES, Thing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from consolidate.effects.things import Signature, Tree
    from consolidate.model import StatementId

DEFAULT_PATH = ("$user", "public")
DEFAULT_ROLE = "postgres"
NEWEST_MAJOR = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The session state that decides what a name means."""

    search_path: tuple[str, ...] = DEFAULT_PATH
    role: str = DEFAULT_ROLE
    major: int = NEWEST_MAJOR
    """18 names NOT NULL constraints and 17 prints `json` without a schema."""


@cache
def space(kind: str) -> str:
    """Which names compete with each other."""
    if kind in RELATIONS:
        return "relation"
    if kind in ROUTINES:
        return "routine"
    if kind.endswith(" column"):
        return "column"
    return kind


_TRANSACTIONAL = frozenset({"scope", "outer_scope", "checks_bodies"})
"""The settings: ROLLBACK takes back a SET like anything else, but no PREPARE."""


def _same_inputs(one: Signature, other: Signature | None) -> bool:
    return other is not None and one.inputs == other.inputs


def _is_part(thing: Thing, whole: Thing | None) -> bool:
    """Whether an object goes with what it is within; what is in a schema does not."""
    return whole is not None and thing.within is whole and whole.kind != "schema"


class World:
    """All objects that are there at one point of the history."""

    def __init__(self, scope: Scope) -> None:
        self.journal = Journal()
        self.rolled_back_by: StatementId | None = None
        """The last command that ended a transaction or went back to a savepoint."""
        self.start = scope
        """What RESET brings back."""
        self.scope = scope
        self.outer_scope: Scope | None = None
        """What a SET LOCAL in force has hidden."""
        self.wrapped = True
        """Whether the runner puts the file into a transaction, as far as that is known."""
        self.checks_bodies = True
        """Whether `check_function_bodies` is on, as it is by default."""
        self.path: tuple[Scope, tuple[Thing, ...]] | None = None
        """The schemas that are looked through in a scope, until one is made, renamed or dropped."""
        self.unmade: set[str] = set()
        """The functions that statements called and that neither PostgreSQL nor the history made."""
        self.prepared: dict[str, Tree] = {}
        """The statements of PREPARE that the session has now."""
        self.made_in_texts: set[str] = set()
        """The bare names of the relations that texts make when they run, and triggers for these."""
        self._live: dict[Thing, int] = {}
        """Each with its number in the order of creation."""
        self._temporary: dict[Thing, None] = {}
        self._until_commit: dict[Thing, None] = {}
        self._numbers = count()
        self._index: dict[tuple[str, Thing | None, str], list[Thing]] = {}
        self._within: dict[Thing, dict[Thing, None]] = {}
        for name in ("pg_catalog", "information_schema", "public"):
            self.add(Thing(kind="schema", name=name))
        for kind, name in (("role", DEFAULT_ROLE), ("extension", "plpgsql")):
            self.add(Thing(kind=kind, name=name))

    def __setattr__(self, name: str, value: Any) -> None:  # noqa: ANN401 - any attribute's
        if name in _TRANSACTIONAL and hasattr(self, name):
            self.journal.record(partial(object.__setattr__, self, name, getattr(self, name)))
        object.__setattr__(self, name, value)

    def __contains__(self, thing: Thing) -> bool:
        return thing in self._live

    def fresh_session(self, scope: Scope | None = None) -> None:
        """Settings as at the start, no transaction, and no temporary objects."""
        self.journal.commit()
        self.start = self.scope = scope or Scope(major=self.scope.major)
        self.outer_scope = None
        self.checks_bodies = True
        self.prepared.clear()
        for thing in self.closure(self.temporary(), cascade=True):
            self.remove(thing)

    def begin_file(self, *, wrapped: bool) -> None:
        """What was set for the transaction of the file before ends with that."""
        if self.wrapped and self.outer_scope is not None:
            self.scope, self.outer_scope = self.outer_scope, None
        self.wrapped = wrapped

    @property
    def in_transaction(self) -> bool:
        """Whether what is set for a transaction lasts for more than its statement."""
        return self.wrapped or self.journal.is_open

    def temporary(self) -> tuple[Thing, ...]:
        """The objects that go when the session ends, in order of creation."""
        return self._ordered(self._temporary)

    def brought_types(self, names: Collection[str]) -> tuple[Thing, ...]:
        """The types of these names that statements use and none made."""
        return self._ordered(
            [t for t in self._live if t.kind == "type" and t.assumed and t.name in names]
        )

    def keep_until_commit(self, thing: Thing) -> None:
        """ON COMMIT DROP, which means nothing outside a transaction that we know of."""
        if self.journal.is_open:
            self._until_commit[thing] = None

    def dropped_on_commit(self) -> tuple[Thing, ...]:
        """The temporary tables that end with their transaction."""
        found = self._ordered(self._until_commit)
        self._until_commit.clear()
        return found

    def add(self, thing: Thing) -> Thing:
        """Makes the object known; what was only assumed under its name gives way."""
        given = thing.signature
        for other in tuple(self._index.get((space(thing.kind), thing.within, thing.name), ())):
            if other.assumed and (given is None or _same_inputs(given, other.signature)):
                self.remove(other)
        self._enter(thing, next(self._numbers))
        if self.journal.is_open:
            self.journal.record(partial(self._leave, thing))
        thing.__dict__["journal"] = self.journal  # no change that could be taken back
        return thing

    def remove(self, thing: Thing) -> None:
        """Forgets the object."""
        self.journal.record(partial(self._enter, thing, self._live[thing]))
        self._leave(thing)

    def rename(self, thing: Thing, name: str, within: Thing | None) -> None:
        """Gives the object a new name or place; its parts follow by themselves."""
        self.journal.record(partial(self._move, thing, thing.name, thing.within))
        self._move(thing, name, within)

    def _enter(self, thing: Thing, number: int) -> None:
        self._live[thing] = number
        if thing.temporary:
            self._temporary[thing] = None
        self._file(thing)

    def _leave(self, thing: Thing) -> None:
        self._unfile(thing)
        self._temporary.pop(thing, None)
        del self._live[thing]

    def _move(self, thing: Thing, name: str, within: Thing | None) -> None:
        self._unfile(thing)
        self.journal.names += 1
        object.__setattr__(thing, "name", name)  # written down already, with the place
        object.__setattr__(thing, "within", within)
        self._file(thing)

    def _file(self, thing: Thing) -> None:
        if thing.kind == "schema":
            self.path = None
        if thing.within is not None:
            self._within.setdefault(thing.within, {})[thing] = None
        for key in self._keys(thing):
            self._index.setdefault(key, []).append(thing)

    def _unfile(self, thing: Thing) -> None:
        if thing.kind == "schema":
            self.path = None
        if thing.within is not None:
            del self._within[thing.within][thing]
        for key in self._keys(thing):
            self._index[key].remove(thing)

    def find(self, which: str, within: Thing | None, name: str) -> Thing | None:
        """The object of that name space, place and name."""
        found = self._index.get((which, within, name))
        return found[-1] if found else None

    def all(self, which: str, within: Thing | None, name: str) -> tuple[Thing, ...]:
        """All of them: routines of one name differ in their arguments."""
        return tuple(self._index.get((which, within, name), ()))

    def parts(self, thing: Thing, kind: str | None = None) -> tuple[Thing, ...]:
        """What lives in a schema or belongs to a relation, in order of creation."""
        inside = self._within.get(thing)
        if not inside:
            return ()
        return self._ordered([t for t in inside if kind is None or t.kind == kind])

    def columns(self, relation: Thing) -> tuple[Thing, ...]:
        """A relation's columns, in order of creation."""
        return tuple([t for t in self.parts(relation) if t.kind.endswith(" column")])

    def indexes(self, relation: Thing) -> tuple[Thing, ...]:
        """A relation's indexes."""
        hanging = relation.bears
        return self._ordered([t for t in hanging if t.kind == "index" and t.of is relation])

    def children(self, parent: Thing) -> tuple[Thing, ...]:
        """Tables that inherit from a table, its partitions, or the partitions of an index."""
        return self._ordered([t for t in parent.bears if parent in t.parents])

    def bearing(self, thing: Thing) -> tuple[Thing, ...]:
        """What hangs on an object, or once did, in order of creation."""
        return self._ordered(thing.bears)

    def named_after(self, things: Collection[Thing]) -> tuple[Thing, ...]:
        """The things and all that bears the name of one in its own, in order of creation."""
        found = dict.fromkeys(things)
        pending = list(found)
        while pending:
            thing = pending.pop()
            near = [*self._within.get(thing, ()), *thing.bears]
            new = [
                t for t in near if t not in found and t in self._live and t.is_named_after(found)
            ]
            found.update(dict.fromkeys(new))
            pending += new
        return self._ordered(found)

    def _ordered(self, things: Iterable[Thing]) -> tuple[Thing, ...]:
        live = self._live
        return tuple(sorted([t for t in things if t in live], key=live.__getitem__))

    def constraint_names(self, schema: Thing, name: str) -> bool:
        """Whether a constraint of any table or domain of the schema bears the name.

        PostgreSQL makes up constraint names that are new in the whole schema.
        """
        return any(
            c.within is not None and c.within.schema is schema
            for c in self._index.get(("any constraint", None, name), ())
        )

    def closure(self, roots: Iterable[Thing], *, cascade: bool) -> tuple[Thing, ...]:
        """What a DROP of the roots removes, roots first."""
        first = dict.fromkeys(root for root in roots if root in self._live)
        gone = set(first)
        pending = list(first)
        while pending:
            thing = pending.pop()
            for other in (*self._within.get(thing, ()), *thing.bears):
                if other not in gone and (
                    other.within is thing
                    or thing in other.auto
                    or (cascade and thing in other.needs)
                ):
                    gone.add(other)
                    pending.append(other)
        return (*first, *self._ordered(gone - first.keys()))

    def stopping(self, roots: Iterable[Thing], gone: Iterable[Thing]) -> tuple[Thing, ...]:
        """Of what DROP … CASCADE removes, what a DROP of the roots without it would stop at.

        What goes with these by itself is left out. It stops at whatever is in a schema.
        """
        alone = set(roots)
        pending = list(alone)
        while pending:
            thing = pending.pop()
            near = (*self._within.get(thing, ()), *thing.bears)
            new = {t for t in near if t not in alone and (_is_part(t, thing) or thing in t.auto)}
            alone |= new
            pending += new
        rest = dict.fromkeys(thing for thing in gone if thing not in alone)
        return tuple(
            thing
            for thing in rest
            if not any(whole in rest and whole.within is not thing for whole in thing.auto)
            and not (thing.within in rest and _is_part(thing, thing.within))
        )

    @staticmethod
    def _keys(thing: Thing) -> tuple[tuple[str, Thing | None, str], ...]:
        own = (space(thing.kind), thing.within, thing.name)
        if thing.kind in {"table constraint", "domain constraint"}:
            return own, ("any constraint", None, thing.name)
        return (own,)
