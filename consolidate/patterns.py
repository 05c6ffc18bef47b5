"""Patterns that name database objects and legacy files in the configuration."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Generic, TypeVar

from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROWS = "rows"
"""What a pattern calls the rows that a history writes into a table: `rows public.countries`."""

# The types that pg_identify_object() gives to what a migration can make, and one of our own.
KINDS = frozenset(
    {
        *("access method", "aggregate", "cast", "collation", "composite type", "conversion"),
        *("database", "default acl", "default value", "domain", "domain constraint"),
        *("event trigger", "extension"),
        *("foreign table", "foreign-data wrapper", "function", "index", "language"),
        *("large object", "materialized view", "operator", "operator class", "operator family"),
        *("policy", "procedure", "publication", "publication namespace", "publication relation"),
        *("role", "role membership", ROWS, "rule", "schema", "sequence", "server"),
        *(
            "statistics object",
            "subscription",
            "table",
            "table column",
            "table constraint",
            "tablespace",
        ),
        *("text search configuration", "text search dictionary", "text search parser"),
        *("text search template", "transform", "trigger", "type", "user mapping", "view"),
    }
)
"""The kinds that a pattern may begin with."""

_KIND_FIRST = re.compile(r"([a-z][a-z -]*?) +(\S.*)")
_OWN_NAME = re.compile(r'((?:"(?:[^"]|"")*"|[^"])*?) on ')
_STATEMENT = re.compile(r" \d+#\d+$")
_ARGUMENTS = re.compile(r"\(.*\)$")
ROUTINES = frozenset({"aggregate", "function", "procedure"})
"""The kinds whose names have arguments behind them, which a pattern may leave out."""


@dataclass(frozen=True, slots=True)
class ObjectPattern:
    """Which objects a line of `objects:` means: `[kind ]schema.name`, or `kind *`.

    In the name `*` stands for any text and `?` for one character; all else is as
    `pg_identify_object()` prints it.
    """

    kind: str
    """Empty for any kind."""
    name: str

    @classmethod
    def parse(cls, text: str) -> ObjectPattern:
        """The pattern that a text means.

        Raises:
            ValueError: It names no kind that there is, or a name without a schema and a kind.
        """
        text = text.strip()
        match = _KIND_FIRST.fullmatch(text)
        if match is None or " on " in f" {match[1]} ":
            return cls("", _with_a_schema(text))
        # The longest first: "table constraint x" is no table named "constraint x".
        for kind in sorted(KINDS, key=len, reverse=True):
            if text.startswith(f"{kind} "):
                return cls(kind, text.removeprefix(kind).lstrip())
        near = difflib.get_close_matches(match[1], KINDS, 1)
        guess = f', did you mean "{near[0]}"?' if near else ""
        raise ValueError(f'there is no kind "{match[1]}"{guess}')

    @property
    def text(self) -> str:
        """The pattern as it is written in the configuration."""
        return f"{self.kind} {self.name}".lstrip()

    @property
    def specificity(self) -> int:
        """3 for one name, 2 for a part of a name, 1 for a kind as a whole."""
        if self.name == "*":
            return 1
        return 3 if self.is_exact else 2

    @property
    def is_exact(self) -> bool:
        """Whether it names one object."""
        return "*" not in self.name and "?" not in self.name

    @property
    def means_parts(self) -> bool:
        """Whether it means what belongs to a table, too: that has to be named, or its kind."""
        return bool(self.kind) or self.specificity > 2  # noqa: PLR2004 - it is a whole name

    def matches(self, wanted: ObjectId) -> bool:
        """Whether the pattern means the object.

        What stands on a table (`x on public.t`) may be named with the table or without, a
        routine with its arguments or without.
        """
        if self.kind != wanted.kind and (self.kind or wanted.kind == ROWS):
            return False
        if self.is_exact:
            return self.name in spellings(wanted)
        return any(_compiled(self.name).fullmatch(spelling) for spelling in spellings(wanted))

    def within(self, other: ObjectPattern) -> bool:
        """Whether the other pattern means all that this one can mean."""
        return other.kind in {"", self.kind} and all(
            other.matches(ObjectId(self.kind, name)) for name in _fillings(self.name, other.name)
        )


@cache
def _compiled(name: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(c) or re.escape(c) for c in name), re.DOTALL)


@dataclass(frozen=True, slots=True)
class FilePattern:
    """Which legacy files a line of `files:` means, with `*`, `?` and `[…]` as a shell has them."""

    text: str

    @property
    def specificity(self) -> int:
        """0: what is said of an object comes before what is said of the file that made it."""
        return 0

    def matches(self, path: str) -> bool:
        """Whether the pattern means the file."""
        return fnmatchcase(path, self.text)

    def within(self, other: FilePattern) -> bool:
        """Whether the other pattern means all that this one can mean."""
        return all(map(other.matches, _fillings(self.text, other.text)))


_P = TypeVar("_P", ObjectPattern, FilePattern)
_T = TypeVar("_T")


class PatternIndex(Generic[_T]):
    """Finds the patterns that mean an object without trying all exact names on it."""

    def __init__(self, entries: Iterable[tuple[ObjectPattern, _T]]) -> None:
        self._exact: dict[str, list[tuple[int, ObjectPattern, _T]]] = defaultdict(list)
        self._wild: list[tuple[int, ObjectPattern, _T]] = []
        for number, (pattern, owner) in enumerate(entries):
            kept = self._exact[pattern.name] if pattern.is_exact else self._wild
            kept.append((number, pattern, owner))

    def find(self, wanted: ObjectId) -> list[tuple[ObjectPattern, _T]]:
        """The patterns that mean it, in the order in which they were given."""
        near = [entry for name in spellings(wanted) for entry in self._exact.get(name, ())]
        found = {
            number: (pattern, owner)
            for number, pattern, owner in (*near, *self._wild)
            if pattern.matches(wanted)
        }
        return [found[number] for number in sorted(found)]


def narrowest(patterns: Iterable[_P]) -> list[_P]:
    """Those of some patterns that win what all of them mean, in the given order.

    They are the most specific ones, and none of them means more than another of them does.
    """
    found = list(patterns)
    most = max((one.specificity for one in found), default=0)
    top = [one for one in found if one.specificity == most]
    return [one for one in top if not any(o.within(one) and not one.within(o) for o in top)]


def _fillings(name: str, other: str) -> Iterator[str]:
    """Names of which another pattern means all if it means whatever the first one does.

    What stands for any text is as short as can be, and then longer than single characters of the
    other pattern could make up for.
    """
    yield name.replace("*", "")
    yield name.replace("*", "\0" * (len(other) + 1))


def object_of(text: str) -> ObjectId:
    """The object that a text names with its kind, `table public.keys`, as `str()` puts it."""
    kinds = [kind for kind in KINDS if text.startswith(f"{kind} ")]
    kind = max(kinds, key=len, default=text.partition(" ")[0])
    return ObjectId(kind, text.removeprefix(kind).lstrip())


def spellings(wanted: ObjectId) -> frozenset[str]:
    """The names that mean an object in a pattern."""
    found = {wanted.identity}
    if own := _OWN_NAME.match(wanted.identity):
        found.add(own[1])
    if wanted.kind in ROUTINES:
        found.add(_ARGUMENTS.sub("", wanted.identity))
    if wanted.kind == ROWS:
        return frozenset({_STATEMENT.sub("", wanted.identity)})
    return frozenset(found)


def _with_a_schema(text: str) -> str:
    if "." not in text:
        raise ValueError("write schema.name, or put a kind in front of the name")
    return text


def table_name(text: str) -> str:
    """The name of a table with its schema, as a seed may leave it out."""
    return text if "." in text else f"public.{text}"
