"""The words of names, their common stems, and what a file is called after them."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consolidate.model import ObjectId

Words = tuple[str, ...]

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SHARE = 0.5
"""How many of a file's tables must share a stem for the file to bear it."""
_NEARLY_ALL = 0.75
"""How many must, where the main table does not and anything speaks for that."""


def words(identity: str) -> Words:
    """The lower-case words of an object's own name; a capital begins a word, as in `orderItem`."""
    return tuple(names.slug(_HUMP.sub("_", _own_name(identity))).split("_"))


@cache
def schema(identity: str) -> str:
    """The schema of an identity; empty where it has none."""
    try:
        parts = names.split(identity)
    except ValueError:
        return ""
    return parts[0] if len(parts) > 1 else ""


@cache
def singular(word: str) -> str:
    """The word without a plural's ending, so that `category` and `categories` compare alike."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + instead
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:  # noqa: PLR2004 - `as` is no plural
        return word[:-1]
    return word


def stems(identity: str) -> list[Words]:
    """Every beginning of the name, the shortest first, in the singular."""
    alike = tuple(map(singular, words(identity)))
    return [alike[:length] for length in range(1, len(alike) + 1)]


def stem(tables: Iterable[ObjectId]) -> Words:
    """The longest beginning that most of the names share, as most of them spell it."""
    listed = sorted(tables)
    shared = Counter(one for table in listed for one in stems(table.identity))
    wide = [one for one, number in shared.items() if number >= max(2, _SHARE * len(listed))]
    if not wide:
        return ()
    best = max(wide, key=lambda one: (shared[one], len(one), one))
    spelled = Counter(
        own
        for table in listed
        if (own := words(table.identity)[: len(best)]) and tuple(map(singular, own)) == best
    )
    return max(sorted(spelled), key=spelled.__getitem__)


def file_names(
    groups: Sequence[Sequence[ObjectId]], called: Sequence[str], referred: Mapping[ObjectId, int]
) -> list[str]:
    """A name for the file of each group of tables, no two alike.

    It is their common stem, else their main table, which is the one that the others refer to or
    are called after the most, and which only a stem of nearly all outshines; where two groups
    would share a stem, each is called after its main table.

    Args:
        groups: The tables of each group, in order of their creation.
        called: What a group has in common, where that is no stem; else empty.
        referred: How often a table is referred to from inside its own group.
    """
    many = len({schema(table.identity) for group in groups for table in group}) > 1
    wished = [
        [_collected(given)] if given else _candidates(group, referred, qualified=many)
        for group, given in zip(groups, called, strict=True)
    ]
    first = Counter(names_[0] for names_ in wished)
    taken: set[str] = set()
    found = []
    for names_ in wished:
        usable = names_[1:] if first[names_[0]] > 1 and len(names_) > 1 else names_
        found.append(unused(usable[0], taken))
    return found


def _collected(home: str) -> str:
    """What tables are called that have no more in common than their schema."""
    return "standalone_tables" if home == "public" else f"{names.slug(home)}_tables"


def unused(name: str, taken: set[str]) -> str:
    """The name, with a number behind it if it is taken; it is taken from then on."""
    number = 1
    while (candidate := name if number == 1 else f"{name}_{number}") in taken:
        number += 1
    taken.add(candidate)
    return candidate


def main_table(tables: Sequence[ObjectId], referred: Mapping[ObjectId, int]) -> ObjectId:
    """The table that the others refer to most, or are called after; of several, the oldest."""
    return max(tables, key=lambda table: (_weight(table, tables, referred), -tables.index(table)))


def _weight(table: ObjectId, tables: Sequence[ObjectId], referred: Mapping[ObjectId, int]) -> int:
    """How many references lead to a table, and how many others' names begin with its own."""
    whole = stems(table.identity)[-1]
    called = sum(whole in stems(other.identity) for other in tables if other != table)
    return referred.get(table, 0) + called


def _candidates(
    tables: Sequence[ObjectId], referred: Mapping[ObjectId, int], *, qualified: bool
) -> list[str]:
    main = main_table(tables, referred)
    kind = "tables" if len(tables) > 1 else "table"
    own, common = words(main.identity), stem(tables)
    alike = tuple(map(singular, common))
    sharing = sum(alike in stems(table.identity) for table in tables)
    most = _NEARLY_ALL if _weight(main, tables, referred) else _SHARE
    stemmed = alike in stems(main.identity) or sharing >= most * len(tables)
    found = [common, own] if stemmed else [own, common]
    found = list(dict.fromkeys(one for one in found if one))
    prefix = _prefix(tables) if qualified else ()
    return ["_".join((*_joined(prefix, one), kind)) for one in found]


def _prefix(tables: Sequence[ObjectId]) -> Words:
    """The words of the schema that most of the tables are in; none for `public`."""
    home, number = Counter(schema(table.identity) for table in tables).most_common(1)[0]
    if home in {"", "public"} or number < _SHARE * len(tables):
        return ()
    return tuple(names.slug(_HUMP.sub("_", home)).split("_"))


def _joined(prefix: Words, own: Words) -> Words:
    """Both, without saying the same words twice."""
    return own if own[: len(prefix)] == prefix else (*prefix, *own)


def _own_name(identity: str) -> str:
    try:
        return names.split(identity)[-1]
    except ValueError:
        return identity
