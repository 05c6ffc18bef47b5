"""Holds what `mappings.yaml` claims against what there is: no claim is idle, none comes twice."""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING

from consolidate.errors import InputProblem
from consolidate.model import ObjectId
from consolidate.patterns import spellings, table_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from consolidate.config import Config
    from consolidate.patterns import ObjectPattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What the platform's empty database holds, as far as a mapping can name it."""

    objects: frozenset[ObjectId] = frozenset()
    filled: frozenset[str] = frozenset()
    """Its tables of which the history writes rows."""
    partitions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Those of these that are partitions, by the partitioned table, which holds no row itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """One line of a group or a seed, and what it gets hold of."""

    place: str
    text: str
    owner: str
    """Who claims, in words."""
    rank: int
    """Claims of one rank stand against each other: the first one wins."""
    found: frozenset[str]
    idle: Callable[[], str]
    """What to say if that is nothing; empty if it may be."""


def require_files(config: Config, paths: Collection[str]) -> None:
    """Whether every pattern of files finds legacy files that no group before it has.

    Raises:
        InputProblem: Some do not; each with its place.
    """
    _refuse(
        _Claim(
            place=group.places.get(text, ""),
            text=text,
            owner=f"group {group.name}",
            rank=0,
            found=frozenset(path for path in paths if fnmatchcase(path, text)),
            idle=partial(_no_file, text, paths),
        )
        for group in config.groups
        for text in group.files
    )


def require_objects(
    config: Config,
    made: Collection[ObjectId],
    vanished: Collection[ObjectId],
    platform: Platform,
    *,
    whole: bool,
) -> None:
    """Whether every pattern of objects finds some that no equal claim of a group before it has.

    `kind *` may find nothing: it is a rule for what may come.

    Args:
        config: Whose groups and seeds are looked at.
        made: All that the history builds, or changes on the platform.
        vanished: What it builds and drops again.
        platform: What there was before it.
        whole: Whether all of the history was applied. Where files were set aside, a claim may be
            idle because of them.

    Raises:
        InputProblem: Some do not; each with its place.
    """
    index = _Index(made)
    claims = [
        _Claim(
            place=group.places.get(pattern.text, ""),
            text=pattern.text,
            owner=f"group {group.name}",
            rank=pattern.specificity,
            found=index.find(pattern),
            idle=partial(_not_built, pattern, made, vanished)
            if whole and pattern.specificity > 1
            else _nothing,
        )
        for group in config.groups
        for pattern in group.objects
    ]
    tables = {one.identity for one in made if one.kind == "table"} | platform.filled
    for seed in config.seeds:
        for table in seed.tables:
            name = table_name(table)
            claims.append(
                _Claim(
                    place=seed.places.get(table, ""),
                    text=table,
                    owner=f"seed {seed.file}",
                    rank=-1,
                    found=frozenset({name} & tables),
                    idle=partial(_no_table, name, tables, made, vanished, platform)
                    if whole
                    else _nothing,
                )
            )
    _refuse(claims)


def _refuse(claims: Iterable[_Claim]) -> None:
    problems = tuple(f"{one.place}: {one.text}: {what}" for one, what in _wrong(claims))
    if problems:
        raise InputProblem(
            "The mapping does not fit the history.",
            problems=problems,
            hint="Correct these lines or take them out.",
        )


def _wrong(claims: Iterable[_Claim]) -> Iterator[tuple[_Claim, str]]:
    """Claims that get nothing, and why."""
    holders: Mapping[int, dict[str, _Claim]] = defaultdict(dict)
    for claim in claims:
        taken = holders[claim.rank]
        before = [taken[name] for name in sorted(claim.found) if name in taken]
        others = [one for one in before if one.owner != claim.owner]
        if not claim.found:
            if idle := claim.idle():
                yield claim, idle
        elif len(others) == len(claim.found):
            first = others[0]
            yield claim, f"{first.owner} claims it already, at {first.place}: {first.text}"
        for name in claim.found:
            taken.setdefault(name, claim)


class _Index:
    """Finds the objects that a pattern means without trying it on each of them."""

    def __init__(self, objects: Iterable[ObjectId]) -> None:
        self._by_spelling: dict[str, list[ObjectId]] = defaultdict(list)
        self._objects = tuple(objects)
        for one in self._objects:
            for spelling in spellings(one):
                self._by_spelling[spelling].append(one)

    def find(self, pattern: ObjectPattern) -> frozenset[str]:
        exact = not set("*?") & set(pattern.name)
        candidates = self._by_spelling.get(pattern.name, []) if exact else self._objects
        return frozenset(str(one) for one in candidates if pattern.matches(one))


def _nothing() -> str:
    return ""


def _no_file(text: str, paths: Collection[str]) -> str:
    return f"there is no such legacy file{_guess(text, paths)}"


def _no_table(
    name: str,
    tables: Collection[str],
    made: Collection[ObjectId],
    vanished: Collection[ObjectId],
    platform: Platform,
) -> str:
    kinds = {one.kind for one in {*made, *platform.objects} if one.identity == name}
    if filled := platform.partitions.get(name):
        return (
            "it is a partitioned table of the platform, and its partitions hold its rows; "
            f"name those that the history writes rows of: {', '.join(filled)}"
        )
    if "table" in kinds:
        return "it is a table of the platform, and the history writes no row of it"
    if others := sorted(kinds & _WITH_COLUMNS):
        return f"it is a {others[0]}, and a seed holds rows of tables"
    if ObjectId("table", name) in vanished:
        return "the history drops it again"
    return f"there is no such table{_guess(name, tables)}"


_WITH_COLUMNS = {"view", "materialized view", "foreign table", "composite type", "sequence"}
"""What may be taken for a table."""


def _not_built(
    pattern: ObjectPattern, made: Collection[ObjectId], vanished: Collection[ObjectId]
) -> str:
    if any(pattern.matches(one) for one in vanished):
        return "the history drops it again"
    others = sorted(one for one in made if pattern.name in spellings(one))
    if others:
        return f"the history builds it as {others[0].kind} {others[0].identity}"
    names = {f"{one.kind} {one.identity}" if pattern.kind else one.identity for one in made}
    return f"the history builds nothing of that name{_guess(pattern.text, names)}"


def _guess(text: str, known: Collection[str]) -> str:
    near = [] if set("*?") & set(text) else difflib.get_close_matches(text, sorted(known), 1)
    return f", did you mean {_in_yaml(near[0])}?" if near else ""


def _in_yaml(text: str) -> str:
    """A text as it can be pasted into YAML."""
    return f'"{text}"' if '"' not in text else "'" + text.replace("'", "''") + "'"
