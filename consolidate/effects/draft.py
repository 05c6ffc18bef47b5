"""The effect of one statement while it is being read, together with the world it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from consolidate.effects import inference, resolve
from consolidate.effects.effect import Effect, Mention, Need, Reason
from consolidate.effects.references import LATE, SEQUENCE, Call, References, strings
from consolidate.effects.things import SYSTEM_TYPES, Thing
from consolidate.effects.world import space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from consolidate.effects.flaws import Flaw
    from consolidate.effects.things import Tree
    from consolidate.effects.world import Scope, World
    from consolidate.model import ObjectId, Statement, StatementId


class Draft:
    """What the handlers of statement kinds fill in.

    Every change is made to the world at once, so that a later clause of the same statement
    finds what an earlier one made.
    """

    def __init__(
        self, statement: Statement, world: World, dispatch: Callable[[Draft, Tree], None]
    ) -> None:
        self.statement = statement
        self.world = world
        self._dispatch = dispatch
        self.outside_transaction = False
        self.opaque: str | None = None
        self.transaction: str | None = None
        self._undone: StatementId | None = None
        self.session: dict[str, str] = {}
        self._creates: dict[ObjectId, None] = {}
        self._replaces: dict[ObjectId, None] = {}
        self._spares: dict[ObjectId, None] = {}
        self._alters: dict[tuple[ObjectId, str], None] = {}
        self._drops: dict[ObjectId, None] = {}
        self._cascaded: dict[ObjectId, None] = {}
        self._renames: list[tuple[ObjectId, ObjectId]] = []
        self._needs: dict[Need, None] = {}
        self._releases: dict[tuple[ObjectId, ObjectId], None] = {}
        self._mentions: dict[Mention, None] = {}
        self._late: list[tuple[ObjectId | None, References, Scope, bool]] = []
        self._unmade: dict[str, None] = {}
        self._unmade_later: dict[str, None] = {}
        self._relations_unmade: dict[str, None] = {}
        self._within: list[tuple[Tree, Effect]] = []
        self.unread: list[str] = []
        self.flaw: Flaw | None = None
        self._written: dict[ObjectId, None] = {}
        self._read: dict[ObjectId, None] = {}

    def dispatch(self, node: Tree) -> None:
        """Reads a statement inside this one, as CREATE SCHEMA has them."""
        self._dispatch(self, node)

    def try_out(self, nodes: Iterable[Tree]) -> None:
        """What the statements of a block do if each of them runs, of which nothing is sure."""
        with self.world.journal.trial():
            for node in nodes:
                if type(node).__name__ not in _OF_SESSIONS:
                    inner = Draft(self.statement, self.world, self._dispatch)
                    inner.dispatch(node)
                    self._within.append((node, inner.finish()))

    def create(self, kind: str, name: str, within: Thing | None = None, **rest: Any) -> Thing:  # noqa: ANN401 - the fields of Thing
        """A new object, which is part of what it is within."""
        thing = self.world.add(Thing(kind=kind, name=name, within=within, **rest))
        self._creates[thing.id] = None
        self._part(thing)
        return thing

    def replace(self, thing: Thing) -> None:
        """A new definition for an object that stays; what the old one needed is forgotten."""
        thing.needs.clear()
        self._replaces[thing.id] = None
        self._part(thing)

    def spares(self, kind: str, within: Thing | None, name: str) -> bool:
        """Whether IF NOT EXISTS finds what the statement would create, which then stays."""
        found = self.world.find(kind, within, name)
        if found is not None and found.assumed:
            self._spares[found.id] = None
        return found is not None

    def alter(self, thing: Thing, aspect: str) -> None:
        """A change of one aspect."""
        if not thing.is_system:
            self._alters[thing.id, aspect] = None
            self.need(None, thing, Reason.TARGET)

    def drop(self, roots: Iterable[Thing], *, cascade: bool = False) -> None:
        """The end of the roots and of all that goes with them."""
        named = tuple(roots)
        gone = self.world.closure(named, cascade=cascade)
        if cascade:
            stopping = self.world.stopping(named, gone)
            self._cascaded.update(dict.fromkeys(thing.id for thing in stopping))
        self._drops.update(dict.fromkeys(thing.id for thing in gone))
        for thing in reversed(gone):
            self.world.remove(thing)

    def rename(self, things: Iterable[Thing], name: str | None, within: Thing | None) -> None:
        """A new name or a new schema; what is named after the things follows."""
        moved = tuple(things)
        before = [(t, t.id) for t in self.world.named_after(moved)]
        for thing in moved:
            self.world.rename(thing, name or thing.name, within or thing.within)
        self._renames += [(old, t.id) for t, old in before if t.id != old and not _silent(t)]

    def need(self, by: Thing | None, on: Thing, why: Reason, *, tracked: bool = True) -> None:
        """A hard dependency; `tracked` if PostgreSQL records it, so that DROP … CASCADE follows."""
        if on is by or on.is_system or on.name == resolve.TEMPORARY:
            return
        if by is None:
            self._needs[Need(None, on.id, why)] = None
            return
        self._needs[Need(by.id, on.id, why)] = None
        if tracked and by.within is not on:
            by.needs.add(on)

    def _part(self, thing: Thing) -> None:
        """What `need` does of a part and its whole, without asking what is known of these."""
        whole = thing.within
        if whole is not None and whole.name != resolve.TEMPORARY and not whole.is_system:
            self._needs[Need(thing.id, whole.id, Reason.PART_OF)] = None

    def release(self, by: Thing, on: Thing) -> None:
        """An end of all that one needs another for."""
        self._releases[by.id, on.id] = None

    def need_type(self, by: Thing | None, node: Tree, why: Reason = Reason.COLUMN_TYPE) -> None:
        """A need for the type that a TypeName means."""
        if node is None:
            return
        base = resolve.type_use(self.world, node).base
        if isinstance(base, Thing):
            self.need(by, base, why)

    def refer(
        self, found: References, by: Thing | None, why: Reason, *, tracked: bool = True
    ) -> tuple[Thing, ...]:
        """Needs for all that an expression or query refers to; returns the relations."""
        if found.are_none:
            return ()
        if late := [literal for literal in found.literals if literal.type == LATE]:
            self.mention(References(literals=late), by)
        world = self.world
        relations = tuple(resolve.relation(world, resolve.dotted(v)) for v in found.relations)
        things: list[Thing] = [*relations]
        for node in found.types:
            base = resolve.type_use(world, node).base
            things += [base] if isinstance(base, Thing) else []
        for call in found.calls:
            things += self.called(call)
        for operation in found.operations:
            things += resolve.used_operators(world, operation)
        things += resolve.all_columns(world, found)
        for literal in found.literals:
            things += self._literal(literal.type, literal.text, make=True)
        things += inference.types(world, found)
        for thing in dict.fromkeys(things):
            self.need(by, thing, why, tracked=tracked)
        return relations

    def called(self, call: Call) -> tuple[Thing, ...]:
        """The routines that a call can mean, which have to be there."""
        found = resolve.called(self.world, call, make=True)
        if not found and not resolve.is_known(self.world, call):
            self._call_unmade(call.name[-1])
        return found

    def routines(self, name: tuple[str, ...]) -> tuple[Thing, ...]:
        """All routines of a dotted name, of which one has to be there."""
        found = resolve.routines(self.world, name)
        if not found and not resolve.is_known(self.world, Call(name, 0)):
            self._call_unmade(name[-1])
        return found

    def _call_unmade(self, name: str) -> None:
        self._unmade[name] = None
        self.world.unmade.add(name)

    def mention(self, found: References, by: Thing | None, *, uncertain: bool = False) -> None:
        """Mentions of all that a late-bound text refers to.

        Names that mean nothing yet are looked up once more when the whole history is read.
        """
        name = by.id if by else None
        self.world.made_in_texts.update(found.made)
        missing = self._look_up(name, found, uncertain=uncertain)
        self._late.append((name, missing, self.world.scope, uncertain))

    def write(self, thing: Thing) -> None:
        """Rows of a table, or the position of a sequence, change."""
        self._written[thing.id] = None
        self.need(None, thing, Reason.ROWS)

    def read(self, thing: Thing) -> None:
        """Rows of a table are read."""
        if not thing.is_system:
            self._read[thing.id] = None

    def take_back(self) -> None:
        """Nothing of it lasts: the transaction is rolled back."""
        self._undone = self.world.rolled_back_by

    def finish(self) -> Effect:
        """The effect; to be called when the whole history is read."""
        if self._undone is not None:
            return Effect(
                statement=self.statement.id,
                place=self.statement.span,
                outside_transaction=self.outside_transaction,
                undone=self._undone,
            )
        self._look_up_late()
        return Effect(
            statement=self.statement.id,
            place=self.statement.span,
            creates=tuple(self._creates),
            replaces=tuple(self._replaces),
            spares=tuple(self._spares),
            alters=tuple(self._alters),
            drops=tuple(self._drops),
            cascaded=tuple(self._cascaded),
            renames=tuple(self._renames),
            needs=tuple(self._needs),
            releases=tuple(self._releases),
            mentions=tuple(self._told_mentions()) if self._mentions else (),
            writes_rows=tuple(self._written),
            reads_rows=tuple(self._read),
            session=tuple(self.session.items()),
            transaction=self.transaction,
            outside_transaction=self.outside_transaction,
            opaque=self.opaque,
            unread=tuple(dict.fromkeys(self.unread)),
            flaw=self.flaw,
            unmade=tuple(self._unmade),
            unmade_later=tuple(self._unmade_later),
            relations_unmade=tuple(self._relations_unmade),
            within=tuple(self._within),
        )

    def _look_up_late(self) -> None:
        """Names that meant nothing when the statement ran, as they would be looked up now."""
        scope = self.world.scope
        for by, found, then, uncertain in self._late:
            self.world.scope = then
            missing = self._look_up(by, found, uncertain=uncertain)
            self._unknown(by, missing, uncertain=uncertain)
        if self._late:
            self.world.scope = scope

    def _told_mentions(self) -> Iterator[Mention]:
        """What is certain is not uncertain besides."""
        for mention in self._mentions:
            if not (mention.uncertain and mention._replace(uncertain=False) in self._mentions):
                yield mention

    def _literal(self, kind: str, text: str, *, make: bool) -> tuple[Thing, ...]:
        if kind == LATE and make:
            return ()  # nothing has to be there yet
        name = resolve.split_name(text)
        if kind in {"regproc", "regprocedure"}:
            return resolve.routines(self.world, name)
        which = {"regtype": "type", "regrole": "role", "regnamespace": "schema"}.get(kind)
        if which in {"role", "schema"}:
            found = self.world.find(which, None, name[-1])
        elif which == "type":
            base = resolve.type_name(self.world, name, make=False)
            found = base if isinstance(base, Thing) else None
        else:
            found = resolve.find(self.world, "relation", name)
            if found is None and make:
                found = resolve.relation(
                    self.world, name, "sequence" if kind == SEQUENCE else "table"
                )
        return (found,) if found else ()

    def _look_up(self, by: ObjectId | None, found: References, *, uncertain: bool) -> References:
        """Mentions what the names mean now; returns the names that mean nothing yet."""
        world = self.world
        things: list[Thing] = []
        missing = References()
        for var in found.relations:
            hit = resolve.find(world, "relation", resolve.dotted(var))
            things += [hit] if hit else []
            missing.relations += [] if hit else [var]
        for node in found.types:
            name = strings(node.names)
            hits = self._any_kind(("type", "relation"), name)
            things += hits
            missing.names += [] if hits or name[-1] in SYSTEM_TYPES else [name]
        for name in found.names:
            hits = self._any_kind(("type", "relation", "routine"), name)
            things += hits
            missing.names += [] if hits else [name]
        for call in found.calls:
            called = resolve.called(world, call, make=False)
            things += called
            missing.calls += [] if called else [call]
        for operation in found.operations:
            things += resolve.used_operators(world, operation)
        things += resolve.all_columns(world, found)
        for literal in found.literals:
            meant = self._literal(literal.type, literal.text, make=False)
            things += meant
            missing.literals += [] if meant else [literal]
        for thing in (*things, *inference.types(world, found)):
            if not thing.is_system:
                self._mentions[Mention(by=by, on=thing.id, uncertain=uncertain)] = None
        return missing

    def _any_kind(self, spaces: tuple[str, ...], name: tuple[str, ...]) -> list[Thing]:
        """The first that there is: a composite type is meant as the type, not as its relation."""
        hits = (resolve.find(self.world, which, name) for which in spaces)
        return [hit for hit in hits if hit][:1]

    def _unknown(self, by: ObjectId | None, missing: References, *, uncertain: bool) -> None:
        """Names that never come to mean anything, as far as they say of what kind it would be."""
        bare = [] if uncertain else [v.relname for v in missing.relations if not v.schemaname]
        self._relations_unmade |= dict.fromkeys(
            name
            for name in bare
            if not name.startswith("pg_") and name not in self.world.made_in_texts
        )
        named = [resolve.dotted(var) for var in missing.relations if var.schemaname]
        things = [resolve.relation(self.world, name) for name in named]
        for call in missing.calls:
            things += resolve.called(self.world, call, make=True)
            if not uncertain and not resolve.is_known(self.world, call):
                self._unmade_later[call.name[-1]] = None
        for thing in things:
            if not thing.is_system:
                self._mentions[Mention(by=by, on=thing.id, uncertain=uncertain)] = None


_OF_SESSIONS = frozenset(
    {"DeallocateStmt", "DiscardStmt", "DoStmt", "ExecuteStmt", "PrepareStmt", "TransactionStmt"}
)
"""Statements that change more than ROLLBACK takes back, or that no block runs by itself."""


def _silent(thing: Thing) -> bool:
    """Whether an object is known by guess only, so that nobody asks for its name."""
    return thing.assumed and space(thing.kind) == "column"
