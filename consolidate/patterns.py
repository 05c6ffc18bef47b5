"""Patterns that name database objects in the configuration."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consolidate.model import ObjectId

# The types that pg_identify_object() gives to what a migration can make.
KINDS = frozenset(
    {
        *("access method", "aggregate", "cast", "collation", "composite type", "conversion"),
        *("database", "default acl", "default value", "domain", "domain constraint"),
        *("event trigger", "extension"),
        *("foreign table", "foreign-data wrapper", "function", "index", "language"),
        *("large object", "materialized view", "operator", "operator class", "operator family"),
        *("policy", "procedure", "publication", "publication namespace", "publication relation"),
        *("role", "role membership", "rule", "schema", "sequence", "server"),
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
_ARGUMENTS = re.compile(r"\(.*\)$")
_WITH_ARGUMENTS = frozenset({"aggregate", "function", "procedure"})


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

    def matches(self, wanted: ObjectId) -> bool:
        """Whether the pattern means the object.

        What stands on a table (`x on public.t`) may be named with the table or without, a
        routine with its arguments or without.
        """
        if self.kind and self.kind != wanted.kind:
            return False
        if self.is_exact:
            return self.name in spellings(wanted)
        return any(_compiled(self.name).fullmatch(spelling) for spelling in spellings(wanted))


@cache
def _compiled(name: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(c) or re.escape(c) for c in name), re.DOTALL)


def spellings(wanted: ObjectId) -> frozenset[str]:
    """The names that mean an object in a pattern."""
    found = {wanted.identity}
    if own := _OWN_NAME.match(wanted.identity):
        found.add(own[1])
    if wanted.kind in _WITH_ARGUMENTS:
        found.add(_ARGUMENTS.sub("", wanted.identity))
    return frozenset(found)


def _with_a_schema(text: str) -> str:
    if "." not in text:
        raise ValueError("write schema.name, or put a kind in front of the name")
    return text
