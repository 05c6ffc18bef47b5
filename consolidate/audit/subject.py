"""What is audited: the history as it was read, and what its statements do."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from consolidate import effects, names, statements
from consolidate.lives import Chronicle, Touched
from consolidate.model import Migration, SourceSpan
from consolidate.statements import parse_in_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.effects import Effect
    from consolidate.lives import Life
    from consolidate.model import Finding, History, ObjectId, Refused, Statement, StatementId
    from consolidate.statements import Wrong

TEMPORARY = "pg_temp."
"""What the identities of a session's own objects begin with."""
PLATFORM = "(platform)"
"""The path of the statements that make what the empty database holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A history that is to be audited; nothing of it comes from a server."""

    history: History
    """Migrations that can be read, whether they can be parsed or not."""
    files: tuple[tuple[Statement, ...], ...]
    """Of those that can be parsed, in apply order."""
    refused: tuple[Refused, ...] = ()
    """What can not be read."""
    prelude: str = ""
    """The SQL that makes what the empty database holds."""
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


class Material:
    """A subject, with all that several rules ask of it, worked out once."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.migrations: Mapping[str, Migration] = {
            migration.path: migration for migration in subject.history.migrations
        }
        self.wrong: Mapping[str, tuple[Wrong, ...]]
        self.by_path: Mapping[str, tuple[Statement, ...]]
        self.by_path, self.wrong = _parsed(subject)
        before = statements.parse(
            Migration(number=0, path=PLATFORM, version="", text=subject.prelude, sha256="")
        )
        flat = [one for file in self.by_path.values() for one in file]
        found = effects.run((*before, *flat), keep_session=subject.history.keeps_session)
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
        made = self._origins.get((spot.statement.id, name))
        own = made is not None and self.path_of(made) == spot.statement.path
        return own or TEMPORARY in name.identity

    @cached_property
    def _origins(self) -> Mapping[tuple[StatementId, ObjectId], StatementId]:
        """Which statement made the object that each statement touches or needs under a name."""
        made: dict[ObjectId, StatementId] = {}
        found: dict[tuple[StatementId, ObjectId], StatementId] = {}
        for effect in (*self.platform, *self.effects):
            for name in _touched(effect):
                if name in made:
                    found[effect.statement, name] = made[name]
            moved = [(new, made.pop(old)) for old, new in effect.renames if old in made]
            made.update(moved)
            for name in effect.drops:
                made.pop(name, None)
            made.update((name, effect.statement) for name in effect.creates)
        return found

    def effect_of(self, statement: Statement) -> Effect:
        """What a statement of the history does."""
        return self.effects[self.order[statement.id] - len(self.platform)]

    def is_history(self, statement: StatementId) -> bool:
        """Whether a statement is one of the history, and not the platform's."""
        return self.order[statement] >= len(self.platform)

    @cached_property
    def by_bare_name(self) -> Mapping[str, tuple[Life, ...]]:
        """Every object by the last part of its first name, less what hangs on another."""
        found: dict[str, list[Life]] = {}
        for life in self.chronicle.lives:
            name = life.first.identity
            if " on " not in name and "(" not in name:
                bare = names.parted(name, ".")[1] if '"' in name else name.rpartition(".")[2]
                found.setdefault(bare, []).append(life)
        return {bare: tuple(lives) for bare, lives in found.items()}

    @cached_property
    def extensions(self) -> tuple[Life, ...]:
        """The extensions that anybody makes or speaks of."""
        return tuple(life for life in self.chronicle.lives if life.first.kind == "extension")

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


_WORD = re.compile(r"\w+")


def words(text: str) -> set[str]:
    """The words of a text, in lower case."""
    return set(_WORD.findall(text.lower()))


def bare_word(name: ObjectId) -> str:
    """The longest word of the last part of an object's name, as `words` has it."""
    bare = names.parted(name.identity.partition("(")[0], ".")[1]
    return max(_WORD.findall(bare.lower()), key=len, default="")


def _touched(effect: Effect) -> Iterator[ObjectId]:
    """What a statement changes, drops, fills or needs."""
    yield from (name for name, _ in effect.alters)
    yield from effect.writes_rows
    yield from effect.drops
    yield from (need.on for need in effect.needs)


def _parsed(
    subject: Subject,
) -> tuple[Mapping[str, tuple[Statement, ...]], Mapping[str, tuple[Wrong, ...]]]:
    """The statements of every migration, and what is wrong with those that can not be parsed."""
    whole = {file[0].path: file for file in subject.files if file}
    found: dict[str, tuple[Statement, ...]] = {}
    wrong: dict[str, tuple[Wrong, ...]] = {}
    for migration in subject.history.migrations:
        if migration.path in whole:
            found[migration.path] = whole[migration.path]
        else:
            found[migration.path], wrong[migration.path] = parse_in_part(migration)
    return found, {path: flaws for path, flaws in wrong.items() if flaws}


def beginning(path: str) -> SourceSpan:
    """The beginning of a file, where what is said of all of it stands."""
    return SourceSpan(path, 0, 0, 1, 1)


def is_temporary(life: Life) -> bool:
    """Whether it is a session's own."""
    return TEMPORARY in life.first.identity or TEMPORARY in life.name.identity
