"""What of a platform's objects a history renamed, moved or replaced, and the way there and back.

A name is taken to another one by `ALTER … RENAME`, which changes nothing else: everything that
refers to an object does so by its OID. So each renaming has a true inverse.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.catalog import naming

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import psycopg

    from consolidate.catalog.naming import Bearer, Key
    from consolidate.model import ObjectId

    Names = Mapping[Key, Bearer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renames:
    """The way from the platform's names to those that the history ends with."""

    there: tuple[str, ...] = ()
    """The statements, wholes before their parts; a schema that the history made comes first."""
    back: tuple[str, ...] = ()
    """Their inverses, in reverse order."""
    objects: frozenset[ObjectId] = frozenset()
    """What was renamed or moved, and the schemas that were made for it, as they are called then."""
    today: Mapping[ObjectId, ObjectId] = field(default_factory=dict)
    """What the platform calls otherwise, with the name that it has then; parts of it, too."""
    left: Mapping[ObjectId, ObjectId] = field(default_factory=dict)
    """What the server would not rename, by its name in the end, with the platform's."""
    cleared: frozenset[ObjectId] = frozenset()
    """Roles, as the platform calls them, whose passwords went with their names."""


NONE = Renames()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A new name or another schema for something that the platform brought."""

    now: Bearer
    then: Bearer
    schema: str
    """Empty where it stays in its own."""
    made: bool = False
    """Whether the history made that schema."""


def wanted(before: Names, after: Names) -> tuple[Wanted, ...]:
    """What has another name or schema in the end, wholes before their parts."""
    found = []
    for key, now in before.items():
        then = after.get(key)
        if then is None:
            continue
        moved = now.schema != then.schema and then.schema in after
        if now.name != then.name or moved:
            schema = after[then.schema].name if moved and then.schema else ""
            found.append(Wanted(now, then, schema, moved and then.schema not in before))
    return tuple(found)


def replaced(before: Names, after: Names, today: Mapping[ObjectId, ObjectId]) -> Iterator[ObjectId]:
    """What the history dropped, and gave its name to something else, as it is called today."""
    there = {one.object for one in after.values()}
    for key, one in before.items():
        name = today.get(one.object, one.object)
        with_it = one.whole is not None and one.whole not in after
        if key not in after and name in there and not with_it:
            yield name


def make(connection: psycopg.Connection, asked: Sequence[Wanted]) -> Renames:
    """Renames what another database of the same platform ends with, as far as the server lets us.

    One whose name is still borne by another waits until that has its own. Where they wait for each
    other, and where the history dropped the other, that one gets a name in between: a history that
    dropped it then dropped what has this name.
    """
    renaming = _Renaming(connection, asked)
    while renaming.waiting:
        if not (renaming.goes_on() or renaming.makes_room()):
            break
    return renaming.made()


class _Renaming:
    """One run on one database; the ways there and back grow as it goes."""

    def __init__(self, connection: psycopg.Connection, asked: Sequence[Wanted]) -> None:
        self._connection = connection
        self._first = naming.read(connection)
        keys = {(one.word, one.object, one.name): key for key, one in self._first.items()}
        self._there: list[str] = []
        self._back: list[str] = []
        self._done: set[Key] = set()
        for schema in dict.fromkeys(one.schema for one in asked if one.made):
            if self._runs(f"CREATE SCHEMA {schema};"):
                self._back.append(f"DROP SCHEMA {schema};")
        self.waiting = [(keys[o.now.word, o.now.object, o.now.name], o) for o in asked]

    def goes_on(self) -> bool:
        """Renames what can be; whether that was any."""
        before = self.waiting
        self.waiting = [(key, one) for key, one in before if not self._renamed(key, one)]
        self._done |= {key for key, _ in before} - {key for key, _ in self.waiting}
        return self.waiting != before

    def makes_room(self) -> bool:
        """Gives a name in between to who bears one that is waited for; whether there is one."""
        now = naming.read(self._connection)
        schemas = {one.name: key for key, one in now.items() if one.word == "SCHEMA"}
        places = {_place(key, one): key for key, one in now.items()}
        for key, one in self.waiting:
            schema = schemas.get(one.schema, now[key].schema)
            bearer = places.get(_place(key, replace(now[key], name=one.then.name, schema=schema)))
            if bearer and bearer != key and self._rename(bearer, _between(now[bearer].name)):
                self._done.add(bearer)
                return True
        return False

    def made(self) -> Renames:
        """What came of it."""
        first, last = self._first, naming.read(self._connection)
        schemas = {n.object for key, n in last.items() if key not in first and n.word == "SCHEMA"}
        return Renames(
            there=tuple(self._there),
            back=tuple(reversed(self._back)),
            objects=frozenset({last[key].object for key in self._done} | schemas),
            today={
                one.object: last[key].object
                for key, one in first.items()
                if key in last and one.object != last[key].object
            },
            left={one.then.object: one.now.object for _, one in self.waiting},
        )

    def _renamed(self, key: Key, one: Wanted) -> bool:
        """Gives something its schema and its name, if both can be had."""
        now = naming.read(self._connection)
        own = now[key].schema
        if one.schema and own and now[own].name != one.schema:
            if not self._runs(f"ALTER {_called(now[key])} SET SCHEMA {one.schema};"):
                return False
            then = naming.read(self._connection)[key]
            self._back.append(f"ALTER {_called(then)} SET SCHEMA {now[own].name};")
        return now[key].name == one.then.name or self._rename(key, one.then.name)

    def _rename(self, key: Key, name: str) -> bool:
        now = naming.read(self._connection)
        if not self._runs(_said(now, key, name)):
            return False
        self._back.append(_said(naming.read(self._connection), key, now[key].name))
        return True

    def _runs(self, statement: str) -> bool:
        """Runs a statement, if the server takes it."""
        import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

        try:
            self._connection.execute(statement.encode())
        except psycopg.Error:
            return False
        self._there.append(statement)
        return True


def _place(key: Key, one: Bearer) -> tuple[object, ...]:
    """Where a name can be borne once only."""
    _, arguments, signature = one.object.identity.partition("(")
    return key[0], one.whole, one.schema, one.name, arguments + signature


def _between(name: str) -> str:
    """A name for what is in the way; that of an enum's value is a literal."""
    if name.endswith("'"):
        return f"{name[:-1]}{_FORMER}'"
    (own,) = names.split(name)
    return names.quote(f"{own[:_LONGEST]}{_FORMER}")


_FORMER = "_former"
_LONGEST = 50
"""Characters that are kept of a name, so that one with more behind it is not cut."""


def _called(one: Bearer) -> str:
    return f"{one.word} {one.object.identity}"


def _said(now: Names, key: Key, name: str) -> str:
    """The statement that renames something as it is called now."""
    one = now[key]
    whole = now.get(one.whole) if one.whole else None
    if whole is None:
        return f"ALTER {_called(one)} RENAME TO {name};"
    if one.word in {"TRIGGER", "POLICY", "RULE"}:
        return f"ALTER {one.word} {one.name} ON {whole.object.identity} RENAME TO {name};"
    kind = "DOMAIN" if (whole.word, one.word) == ("TYPE", "CONSTRAINT") else whole.word
    tail = " CASCADE" if one.word == "ATTRIBUTE" else ""  # to tables of this type
    of = f"ALTER {kind} {whole.object.identity}"
    return f"{of} RENAME {one.word} {one.name} TO {name}{tail};"
