"""Holds what `mappings.yaml` claims against what there is: no claim is idle, none comes twice."""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from consolidate.errors import InputProblem
from consolidate.model import ObjectId
from consolidate.patterns import (
    ROWS,
    FilePattern,
    ObjectPattern,
    PatternIndex,
    narrowest,
    spellings,
    table_name,
)
from consolidate.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from consolidate.config import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What the platform's empty database holds, as far as a mapping can name it."""

    objects: frozenset[ObjectId] = frozenset()
    filled: frozenset[str] = frozenset()
    """Its tables of which the history writes rows."""
    partitions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Those of these that are partitions, by the partitioned table, which holds no row itself."""


_C = TypeVar("_C", ObjectPattern, FilePattern)
_F = TypeVar("_F", str, ObjectId)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Claim(Generic[_C]):
    """One line of a group."""

    place: str
    text: str
    owner: str
    """Who claims, in words."""
    pattern: _C
    idle: Callable[[], str]
    """What to say if it finds nothing; empty if it may."""


def require_files(config: Config, paths: Collection[str]) -> None:
    """Whether every pattern of files finds legacy files, and each file belongs to one group.

    Raises:
        InputProblem: Some do not; each with its place.
    """
    claims = [
        _Claim(
            place=group.places.get(text, ""),
            text=text,
            owner=f"group {group.name}",
            pattern=FilePattern(text),
            idle=partial(_no_file, text, paths),
        )
        for group in config.groups
        for text in group.files
    ]
    found = {path: [one for one in claims if one.pattern.matches(path)] for path in paths}
    _refuse(_wrong(claims, found))


def require_objects(  # noqa: PLR0913 - all that a mapping is held against
    config: Config,
    made: Collection[ObjectId],
    vanished: Collection[ObjectId],
    platform: Platform,
    *,
    parts: Collection[ObjectId] = (),
    whole: bool,
) -> None:
    """Whether every pattern of objects finds some, and no two groups claim one object alike.

    `kind *` may find nothing: it is a rule for what may come.

    Args:
        config: Whose groups and seeds are looked at.
        made: All that the history builds, or changes or drops on the platform.
        vanished: What it builds and drops again.
        platform: What there was before it.
        parts: Those of `made` that belong to tables which are made.
        whole: Whether all of the history was applied. Where files were set aside, a claim may be
            idle because of them.

    Raises:
        InputProblem: Some do not; each with its place.
    """
    claims = [
        _Claim(
            place=group.places.get(pattern.text, ""),
            text=pattern.text,
            owner=f"group {group.name}",
            pattern=pattern,
            idle=partial(_not_built, pattern, made, vanished)
            if whole and pattern.specificity > 1
            else _nothing,
        )
        for group in config.groups
        for pattern in group.objects
    ]
    index = PatternIndex((claim.pattern, claim) for claim in claims)
    filled = {ObjectId("table", name) for name in platform.filled}
    found = {
        one: [
            claim for pattern, claim in index.find(one) if pattern.means_parts or one not in parts
        ]
        for one in sorted({*made, *filled})
    }
    tables = {one.identity for one in made if one.kind == "table"} | platform.filled

    def missing(name: str) -> str:
        return _no_table(name, tables, made, vanished, platform) if whole else ""

    wrong_seeds = _wrong_seeds(config, tables, missing)
    _refuse([*_wrong(claims, found), *wrong_seeds, *_rows_of_seeds(config)])


def _wrong(claims: Sequence[_Claim[_C]], found: Mapping[_F, Sequence[_Claim[_C]]]) -> Iterator[str]:
    """What is wrong with the claims of groups, in their order.

    Args:
        claims: All of them.
        found: Those on each file or object.
    """
    holders, shared = _standing(found)
    for claim in claims:
        told = f"{claim.place}: {claim.text}"
        if not holders[claim]:
            if idle := claim.idle():
                yield f"{told}: {idle}"
        elif all(holder.owner != claim.owner for holder in holders[claim]):
            first = holders[claim][0]
            yield f"{told}: {first.owner} claims it already, at {first.place}: {first.text}"
        for other, names in shared[claim].items():
            what = listed(names, _SHOWN)
            yield f"{told}: {other.owner} claims {what} too, at {other.place}: {other.text}"


def _standing(
    found: Mapping[_F, Sequence[_Claim[_C]]],
) -> tuple[
    Mapping[_Claim[_C], list[_Claim[_C]]], Mapping[_Claim[_C], Mapping[_Claim[_C], list[str]]]
]:
    """Who holds what each claim finds, among its equals; and what two owners hold alike."""
    holders: dict[_Claim[_C], list[_Claim[_C]]] = defaultdict(list)
    shared: dict[_Claim[_C], dict[_Claim[_C], list[str]]] = defaultdict(lambda: defaultdict(list))
    for one, own in found.items():
        top = max((claim.pattern.specificity for claim in own), default=0)
        for level in {claim.pattern.specificity for claim in own}:
            equals = [claim for claim in own if claim.pattern.specificity == level]
            best = narrowest(claim.pattern for claim in equals)
            winners = [claim for claim in equals if claim.pattern in best]
            for claim in equals:
                holders[claim].append(claim if claim in winners else winners[0])
            for claim in winners[1:]:
                if level == top and claim.owner != winners[0].owner:
                    shared[claim][winners[0]].append(str(one))
    return holders, shared


_SHOWN = 3
"""What is named of all that two groups claim."""


def _wrong_seeds(
    config: Config, tables: Collection[str], missing: Callable[[str], str]
) -> Iterator[str]:
    """What is wrong with the tables that seeds name: each belongs to one of them.

    Args:
        config: Whose seeds are looked at.
        tables: Those whose rows a seed can hold.
        missing: What to say of a table that is none of these; empty if it may be.
    """
    taken: dict[str, str] = {}
    for seed in config.seeds:
        for table in seed.tables:
            name = table_name(table)
            told = f"{seed.places.get(table, '')}: {table}"
            if name not in tables:
                if what := missing(name):
                    yield f"{told}: {what}"
            elif name in taken:
                yield f"{told}: {taken[name]}"
            else:
                here = f"at {seed.places.get(table, '')}: {table}"
                taken[name] = f"seed {seed.file} claims it already, {here}"


def _rows_of_seeds(config: Config) -> Iterator[str]:
    """The rows that a group claims by the name of a table that a seed names too."""
    seeds = {
        table_name(table): f"seed {seed.file} claims these rows too, at "
        f"{seed.places.get(table, '')}: {table}"
        for seed in config.seeds
        for table in seed.tables
    }
    for group in config.groups:
        for pattern in group.objects:
            if pattern.kind == ROWS and pattern.name in seeds:
                place = group.places.get(pattern.text, "")
                yield f"{place}: {pattern.text}: {seeds[pattern.name]}"


def _refuse(problems: Iterable[str]) -> None:
    if told := tuple(problems):
        raise InputProblem("The mapping does not fit the history.", problems=told, hint=_HINT)


_HINT = (
    "Correct these lines or take them out. Of two patterns for one object the one that means less"
    " wins, and its exact name before any."
)


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
    if parts := sorted(one for one in made if pattern.matches(one)):
        return (
            "it means nothing but what belongs to tables and follows them; to have that here, put "
            f"its kind in front: {_in_yaml(f'{parts[0].kind} {pattern.name}')}"
        )
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
