"""Finds the objects of a history that a name means, as a person types it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.phrases import holds_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.graph import DependencyGraph, Incarnation
    from consolidate.model import ObjectId

_HANGING = frozenset({"index", "trigger", "policy", "rule", "table constraint"})
_PARTS = frozenset({"default value", "domain constraint"})
_ON = frozenset({"table constraint", "domain constraint", "trigger", "policy", "rule"})
_TYPES = {
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "bool": "boolean",
    "varchar": "character varying",
    "char": "character",
    "bpchar": "character",
    "float": "double precision",
    "float4": "real",
    "float8": "double precision",
    "decimal": "numeric",
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
    "timetz": "time with time zone",
    "time": "time without time zone",
    "varbit": "bit varying",
}
"""What SQL also calls the types that `format_type()` spells as the standard does."""

_NEAR = 5
"""Names that are suggested where none is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a name means."""

    incarnations: tuple[Incarnation, ...] = ()
    """All that bore the name, in order of creation; empty if nothing did, or several may be meant.
    """
    also: tuple[ObjectId, ...] = ()
    """What the name could mean besides, or, where nothing was chosen, what it may mean."""
    near: tuple[str, ...] = ()
    """Where nothing bore the name: names that are written much like it."""


class Directory:
    """All names that the objects of a history ever bore."""

    def __init__(self, graph: DependencyGraph) -> None:
        self._bearers: dict[ObjectId, list[Incarnation]] = defaultdict(list)
        for node in graph.incarnations:
            for name in graph.names(node):
                self._bearers[name].append(node)

    def find(self, typed: str) -> Meant:
        """What a person means who types this.

        A kind may stand before the name, a schema may be left out, and a routine's arguments may,
        too. What is not quoted is folded as PostgreSQL folds it; if nothing is called so, the case
        of letters and the number of blanks do not count, since a shell takes quotes away.
        """
        found = self._named(typed.strip()) or self._named(" ".join(typed.split()))
        if not found:
            return Meant(near=self._near(typed))
        if len(found) == 1:
            return self._all(found)
        there = [name for name in found if any(n.final == name for n in self._bearers[name])]
        if len(there) == 1:
            told = set(self._bearers[there[0]])
            others = [name for name in found if not told.issuperset(self._bearers[name])]
            return self._all(there, also=others)
        one_life = {tuple(self._bearers[name]) for name in found}
        if len(one_life) == 1:
            return self._all(found)
        return Meant(also=tuple(sorted(there or found)))

    def _named(self, typed: str) -> list[ObjectId]:
        if holds_bytes(typed):  # the parser would not take it for a name
            return []
        exact = [name for name in self._bearers if typed in {str(name), name.identity}]
        return _foremost(exact) or self._search(typed)

    def _all(self, found: list[ObjectId], also: Iterable[ObjectId] = ()) -> Meant:
        nodes = dict.fromkeys(node for name in found for node in self._bearers[name])
        return Meant(incarnations=tuple(nodes), also=tuple(sorted(also)))

    def _search(self, typed: str) -> list[ObjectId]:
        kind = next((k for k in self._kinds if typed.lower().startswith(f"{k} ")), "")
        rest = typed[len(kind) :].strip()
        parts, arguments = _taken_apart(rest)
        keys = [tuple(map(names.fold, parts)), tuple(part.strip('"').lower() for part in parts)]
        for key, index in zip(keys, (self._exact, self._folded), strict=True):
            found = [
                name
                for name in index.get(key, ())
                if kind in {"", name.kind}
                and (arguments is None or _arguments(name.identity) == _spelled(arguments))
            ]
            if found:
                return _foremost(found)
        return []

    @cached_property
    def _kinds(self) -> list[str]:
        """The longest first, so that `table constraint` is no table."""
        return sorted({name.kind for name in self._bearers}, key=lambda kind: (-len(kind), kind))

    @cached_property
    def _exact(self) -> Mapping[tuple[str, ...], list[ObjectId]]:
        index: dict[tuple[str, ...], list[ObjectId]] = defaultdict(list)
        for name in self._bearers:
            for key in _keys(name):
                index[key].append(name)
        return index

    @cached_property
    def _folded(self) -> Mapping[tuple[str, ...], list[ObjectId]]:
        index: dict[tuple[str, ...], list[ObjectId]] = defaultdict(list)
        for key, found in self._exact.items():
            index[tuple(part.lower() for part in key)] += found
        return index

    def _near(self, typed: str) -> tuple[str, ...]:
        """Names like it, whatever their schema, as they can be typed."""
        parts, _ = _taken_apart(typed)
        wanted = ".".join(part.strip('"').lower() for part in parts)
        dotted: dict[str, ObjectId] = {}
        for key, found in self._exact.items():
            dotted.setdefault(".".join(key).lower(), found[0])
        close = get_close_matches(wanted, sorted(dotted), 3 * _NEAR, 0.6)
        return tuple(dict.fromkeys(str(dotted[one]) for one in close))[:_NEAR]


def _foremost(found: list[ObjectId]) -> list[ObjectId]:
    """Those that stand for themselves; else what hangs on something; else what is part of it."""
    best = min(map(_rank, found), default=0)
    chosen = [name for name in found if _rank(name) == best]
    types = {name.identity for name in chosen if name.kind == "type"}
    return [n for n in chosen if not (n.kind == "composite type" and n.identity in types)]


def _rank(name: ObjectId) -> int:
    if name.kind in _HANGING:
        return 1 if name.kind != "index" else 2
    return 3 if name.kind in _PARTS or name.kind.endswith(" column") else 0


def _keys(name: ObjectId) -> Iterable[tuple[str, ...]]:
    """What may be typed for it, as parts of a dotted name."""
    try:
        parts = _parts(name)
    except ValueError:  # no name that anybody types, such as that of default rights
        return
    shortest = 2 if name.kind.endswith(" column") else 1
    for start in range(len(parts) - shortest + 1):
        yield parts[start:]


def _parts(name: ObjectId) -> tuple[str, ...]:
    if name.kind in _ON:
        own, relation = names.parted(name.identity, " on ")
        return (*names.split(relation), *names.split(own))
    return names.split(name.identity)


_TYPED = re.compile(r'((?:"(?:[^"]|"")*"|[^"(])+)(?:\((.*)\)?)?', re.DOTALL)
_PART = re.compile(r'"(?:[^"]|"")*"|[^.]+')


def _taken_apart(typed: str) -> tuple[list[str], str | None]:
    """The parts of a dotted name with their quotes, and the arguments if there are brackets."""
    match = _TYPED.fullmatch(typed)
    name, arguments = (match[1], match[2]) if match else (typed, None)
    own, relation = names.parted(name, " on ")
    dotted = f"{relation}.{own}" if own else name
    parts = [part.strip() for part in _PART.findall(dotted.strip())]
    return parts, arguments.rstrip(") ") if arguments is not None else None


def _arguments(identity: str) -> str:
    """The argument types of a routine's identity, without schemas."""
    return _spelled(identity.partition("(")[2].removesuffix(")"))


def _spelled(arguments: str) -> str:
    """Argument types, each in PostgreSQL's own spelling and without its schema."""
    spelled = []
    for one in arguments.lower().split(","):
        base = re.sub(r"^(?:variadic )?(?:\w+\.)?", "", one.strip())
        array = base.endswith("[]")
        base = base.removesuffix("[]").strip('" ')
        spelled.append(_TYPES.get(base, base) + ("[]" if array else ""))
    return ",".join(spelled)
