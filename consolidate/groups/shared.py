"""Cuts what several groups share into files that are no heaps of unrelated things."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from consolidate.groups import stems

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from consolidate.model import ObjectId

SHARE = 0.1
"""How much of everything a file may hold whose objects only share their kind."""
FEW = 10
"""So many objects are never too many for one file."""
_DUST = 3
"""Fewer objects than this get no file of their own."""

Parts = list[tuple[str, list["ObjectId"]]]
"""The name of each file, and what it holds."""


def parts(
    name: str, objects: Sequence[ObjectId], most: float, topic: Callable[[ObjectId], str]
) -> Parts:
    """The files for objects of one kind: one, or one for each schema, topic or stem.

    Args:
        name: What the file is called if there is only one.
        objects: In the order in which the history made them.
        most: How many objects are too many for it.
        topic: What an object is about, as a word for a file's name; empty for nothing special.
    """
    if len(objects) <= most:
        return [(name, list(objects))]
    found: Parts = []
    for part_of in (_home, topic, _first_word):
        pieces = _by(objects, part_of)
        if len(pieces) > 1:
            rest: list[ObjectId] = []
            for word, piece in pieces.items():
                if word and len(piece) >= _DUST:
                    found += parts(f"{word}_{name}", piece, most, topic)
                else:
                    rest += piece
            if found:
                return found + (parts(name, rest, most, topic) if rest else [])
    return [
        (name, list(objects[start : start + int(most)]))
        for start in range(0, len(objects), int(most))
    ]


def _by(objects: Sequence[ObjectId], word: Callable[[ObjectId], str]) -> dict[str, list[ObjectId]]:
    found: dict[str, list[ObjectId]] = defaultdict(list)
    for one in objects:
        found[word(one)].append(one)
    return dict(sorted(found.items()))


def _home(one: ObjectId) -> str:
    home = stems.schema(one.identity.rpartition(" on ")[2])
    return "" if home == "public" else "_".join(stems.words(home)) if home else ""


def _first_word(one: ObjectId) -> str:
    return stems.words(one.identity)[0]
