"""What is audited: the history as it was read, and what its statements do."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from consolidate import effects, names, statements
from consolidate.audit.bearers import Bearers
from consolidate.effects.things import ON_RELATION
from consolidate.lives import Chronicle, Touched
from consolidate.model import Manner, Migration, SourceSpan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.effects import Effect
    from consolidate.lives import Life
    from consolidate.model import Finding, ObjectId, Runner, Statement, StatementId
    from consolidate.partial import Read, Wrong

TEMPORARY = "pg_temp."
"""What the identities of a session's own objects begin with."""
PLATFORM = "(platform)"
"""The path of the statements that make what the empty database holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A history that is to be audited; nothing of it comes from a server."""

    runner: Runner
    files: tuple[Read, ...]
    """In apply order, as far as each can be read."""
    aside: tuple[Read, ...] = ()
    """Files that are not to be applied, likewise."""
    manner: Manner = field(default_factory=Manner)
    """How the runner applies the files."""
    prelude: str = ""
    """The SQL that makes what the empty database holds."""
    extensions: frozenset[str] = frozenset()
    """What it has of extensions besides."""
    ordered: bool = False
    """Whether a file says the order, and not the names."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Bytes of the files, by path."""
    findings: tuple[Finding, ...] = ()
    """What was found when the history was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One statement of the history, with what it does and what stands around it."""

    statement: Statement
    effect: Effect
    migration: Migration
    in_block: bool = False
    """Whether it stands in a block, which runs it if it comes to that; `statement` has its tree,
    and the place of the block."""
    made_there: frozenset[ObjectId] = frozenset()
    """What the block has made before it."""


class Material:
    """A subject, with all that several rules ask of it, worked out once."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.migrations: Mapping[str, Migration] = {
            read.migration.path: read.migration for read in subject.files
        }
        self.wrong: Mapping[str, tuple[Wrong, ...]] = {
            read.migration.path: read.wrong for read in subject.files if read.wrong
        }
        self.by_path: Mapping[str, tuple[Statement, ...]] = {
            read.migration.path: read.statements for read in subject.files
        }
        before = statements.parse(
            Migration(number=0, path=PLATFORM, version="", text=subject.prelude, sha256="")
        )
        flat = [one for file in self.by_path.values() for one in file]
        found = effects.run((*before, *flat), manner=subject.manner)
        self.chronicle = Chronicle(found)
        self.platform: tuple[Effect, ...] = found[: len(before)]
        self.effects: tuple[Effect, ...] = found[len(before) :]
        self.spots = tuple(
            Spot(statement=statement, effect=effect, migration=self.migrations[statement.path])
            for statement, effect in zip(flat, self.effects, strict=True)
            if statement.sql
        )
        self.statements: Mapping[StatementId, Statement] = {one.id: one for one in (*before, *flat)}
        self.order: Mapping[StatementId, int] = {
            effect.statement: number for number, effect in enumerate(found)
        }

    @cached_property
    def bearings(self) -> Bearers:
        """What bore each name, and when."""
        return Bearers(self)

    @cached_property
    def steps(self) -> tuple[Spot, ...]:
        """The statements, each block followed by those in it that are known."""
        return tuple(step for spot in self.spots for step in (spot, *_within(spot)))

    def path_of(self, statement: StatementId) -> str:
        """The migration that a statement stands in."""
        return self.statements[statement].path

    def place_of(self, statement: StatementId) -> str:
        """`file:line` of a statement, or that it is the platform's."""
        found = self.statements[statement]
        return "the platform" if found.path == PLATFORM else found.place

    def made_by(self, life: Life) -> StatementId | None:
        """The statement that made an object; None where none did."""
        first = life.touches[0] if life.touches else None
        return first.statement_id if first and first.what is Touched.CREATED else None

    def of_platform(self, life: Life) -> bool:
        """Whether the platform made it."""
        made = self.made_by(life)
        return made is not None and self.path_of(made) == PLATFORM

    def is_own(self, spot: Spot, name: ObjectId) -> bool:
        """Whether the file of a statement made the object, or it is a session's own.

        It then holds no rows but those that the file has put there, and nobody else waits for it.
        """
        if TEMPORARY in name.identity or name in spot.made_there:
            return True
        makers = self._makers.get(name, ())
        before = bisect_left(makers, (self.order[spot.statement.id], ""))
        return before > 0 and makers[before - 1][1] == spot.statement.path

    def is_emptied(self, spot: Spot, name: ObjectId) -> bool:
        """Whether the file of a statement truncates a table before it."""
        emptied = self._emptied.get((spot.statement.path, name))
        return emptied is not None and emptied < self.order[spot.statement.id]

    @cached_property
    def _emptied(self) -> Mapping[tuple[str, ObjectId], int]:
        """The first TRUNCATE of each table in each file."""
        found: dict[tuple[str, ObjectId], int] = {}
        for spot in self.spots:
            if spot.statement.kind == "TruncateStmt":
                for name in spot.effect.writes_rows:
                    found.setdefault((spot.statement.path, name), self.order[spot.statement.id])
        return found

    @cached_property
    def _makers(self) -> Mapping[ObjectId, Sequence[tuple[int, str]]]:
        """The files that made what has a name, each from which statement on; empty: nobody did."""
        found: dict[ObjectId, list[tuple[int, str]]] = defaultdict(list)
        for order, effect in enumerate((*self.platform, *self.effects)):
            if not (effect.creates or effect.drops or effect.renames):
                continue
            path = self.path_of(effect.statement) if effect.creates else ""
            moved = [(new, found[old][-1][1]) for old, new in effect.renames if old in found]
            ended = [*effect.drops, *(old for old, _ in effect.renames)]
            for name in ended:
                if name in found:
                    found[name].append((order, ""))
            for name, maker in (*moved, *((name, path) for name in effect.creates)):
                found[name].append((order, maker))
        return found

    def effect_of(self, statement: Statement) -> Effect:
        """What a statement of the history does."""
        return self.effects[self.order[statement.id] - len(self.platform)]

    def unparsed_at(self, path: str, place: SourceSpan) -> StatementId | None:
        """The statement that does not parse and has begun last before a place in a file."""
        begun = [
            one
            for one in self.by_path[path]
            if one.sql and one.span.path == place.path
            if (one.span.line, one.span.column) <= (place.line, place.column)
        ]
        return begun[-1].id if begun and not begun[-1].kind else None

    def is_history(self, statement: StatementId) -> bool:
        """Whether a statement is one of the history, and not the platform's."""
        return self.order[statement] >= len(self.platform)

    @cached_property
    def by_bare_name(self) -> Mapping[str, tuple[Life, ...]]:
        """Every object by the last part of each name that it has had, less what hangs on others."""
        found: dict[str, dict[Life, None]] = {}
        for life in self.chronicle.lives:
            if life.first.kind in _PARTS:
                continue
            borne = [life.first.identity]
            if len(life.touches) > 1:
                borne += [identity for _, identity in _renamed(life)]
            for name in borne:
                if " on " not in name and "(" not in name:
                    bare = names.parted(name, ".")[1] if '"' in name else name.rpartition(".")[2]
                    found.setdefault(bare, {})[life] = None
        return {bare: tuple(lives) for bare, lives in found.items()}

    def name_at(self, life: Life, statement: StatementId) -> str:
        """What an object is called before a statement; empty if it is not there."""
        now = self.order[statement]
        made = self.made_by(life)
        ended = life.ended and self.order[life.touches[-1].statement_id] < now
        if made is None or self.order[made] >= now or ended:
            return ""
        before = [identity for by, identity in _renamed(life) if self.order[by] < now]
        return before[-1] if before else life.first.identity

    def bearers(self, name: str, statement: StatementId) -> tuple[Life, ...]:
        """What is there before a statement and may be meant by a name, with its schema or without.

        A column is meant by a name that has its table's before it, and else never.
        """
        around, bare = names.parted(name, ".")
        return tuple(
            life
            for life in self.by_bare_name.get(bare, ())
            if f".{self.name_at(life, statement)}".endswith(f".{name}")
            and (around or not life.first.kind.endswith(" column"))
        )

    def in_full(self, name: str, statement: StatementId) -> str:
        """A name as other findings spell it; as it is where it is not known who bears it."""
        there = self.bearers(name, statement)
        return self.name_at(there[0], statement) if len(there) == 1 else name

    def maker_at(self, name: ObjectId, statement: StatementId) -> Statement | None:
        """What made the object that has a name at a statement, which may be that itself."""
        for life in self.by_bare_name.get(names.parted(name.identity, ".")[1], ()):
            made = self.made_by(life) if life.first.kind == name.kind else None
            own = made == statement and life.first == name
            if made and (own or self.name_at(life, statement) == name.identity):
                return self.statements[made]
        return None

    @cached_property
    def extensions(self) -> tuple[Life, ...]:
        """The extensions that anybody makes or speaks of."""
        return tuple(life for life in self.chronicle.lives if life.first.kind == "extension")

    def extensions_before(self, spot: Spot | None) -> frozenset[str]:
        """The extensions that are there at a statement, or that the history ever makes.

        One that a block creates counts; it has an empty name where that is put together.
        """
        limit = self.order[spot.statement.id] if spot else len(self.order)
        made = [(life, self.made_by(life)) for life in self.extensions]
        seen = [life for life, by in made if by is None or self.order[by] <= limit]
        in_texts = [name for name, order in self._extensions_in_texts if order <= limit]
        return self.subject.extensions.union(
            (life.first.identity.strip('"') for life in seen), in_texts
        )

    @cached_property
    def _extensions_in_texts(self) -> tuple[tuple[str, int], ...]:
        """The extensions that statements create which can not be read, each with their place."""
        return tuple(
            (name.lower(), self.order[spot.statement.id])
            for spot in self.opaque
            for name in _EXTENSION.findall(spot.statement.sql)
        )

    @cached_property
    def opaque(self) -> tuple[Spot, ...]:
        """The statements whose effects are not fully known."""
        return tuple(spot for spot in self.spots if spot.effect.opaque)

    def is_obscure(self, name: ObjectId, before: Spot | None = None) -> bool:
        """Whether a statement that can not be read speaks of an object, so that nobody knows.

        Args:
            name: The object.
            before: The statement before which it has to stand.
        """
        limit = self.order[before.statement.id] if before else len(self.order)
        spoken = self._obscure_words.get(bare_word(name))
        return spoken is not None and spoken < limit

    def speaking_of(self, word: str) -> Sequence[Spot]:
        """The statements that have a word in their text, names in quotes and strings included."""
        return [
            spot
            for path in self._speaking.get(word, ())
            for spot in self._spots_of[path]
            if word in words(spot.statement.sql)
        ]

    @cached_property
    def _obscure_words(self) -> Mapping[str, int]:
        """The words of statements that can not be read, each with the first that has it."""
        found: dict[str, int] = {}
        for spot in self.opaque:
            for word in words(spot.statement.sql):
                found.setdefault(word, self.order[spot.statement.id])
        return found

    @cached_property
    def _speaking(self) -> Mapping[str, Sequence[str]]:
        """The paths of the migrations that have a word."""
        found: dict[str, list[str]] = defaultdict(list)
        for path, spots in self._spots_of.items():
            for word in words("\n".join(spot.statement.sql for spot in spots)):
                found[word].append(path)
        return found

    @cached_property
    def _spots_of(self) -> Mapping[str, Sequence[Spot]]:
        found: dict[str, list[Spot]] = defaultdict(list)
        for spot in self.spots:
            found[spot.statement.path].append(spot)
        return found


def _within(spot: Spot) -> Iterator[Spot]:
    made: set[ObjectId] = set()
    for tree, effect in spot.effect.within:
        statement = replace(spot.statement, tree=tree, kind=type(tree).__name__)
        yield replace(
            spot, statement=statement, effect=effect, in_block=True, made_there=frozenset(made)
        )
        made.update(effect.creates, (new for old, new in effect.renames if old in made))


_EXTENSION = re.compile(
    r"\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?[\"']*([\w-]*)", re.IGNORECASE
)
_PARTS = frozenset({"default value", *ON_RELATION})
"""The kinds that are named after what they hang on."""
_WORD = re.compile(r"\w+")
_NO_WORD = {code: " " for code in range(128) if not _WORD.match(chr(code))}


def words(text: str) -> set[str]:
    """The words of a text, in lower case."""
    low = text.lower()
    return set(low.translate(_NO_WORD).split() if low.isascii() else _WORD.findall(low))


def bare_word(name: ObjectId) -> str:
    """The longest word of the last part of an object's name, as `words` has it."""
    bare = names.parted(name.identity.partition("(")[0], ".")[1]
    return max(_WORD.findall(bare.lower()), key=len, default="")


def routine_name(name: ObjectId) -> str:
    """What a routine is called, less its schema and its arguments; empty if it is none."""
    if name.kind not in {"function", "procedure", "aggregate"}:
        return ""
    return names.split(name.identity.partition("(")[0])[-1]


def _renamed(life: Life) -> Iterator[tuple[StatementId, str]]:
    """The statements that rename an object, each with the name that it has from then on."""
    for touch in life.touches:
        if touch.what is Touched.RENAMED:
            yield touch.statement_id, touch.aspect


def beginning(path: str) -> SourceSpan:
    """The beginning of a file, where what is said of all of it stands."""
    return SourceSpan(path, 0, 0, 1, 1)


def is_temporary(life: Life) -> bool:
    """Whether it is a session's own."""
    return TEMPORARY in life.first.identity or TEMPORARY in life.name.identity
