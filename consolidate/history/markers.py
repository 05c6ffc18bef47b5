"""Cuts files that hold both directions at their runner's comment lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from consolidate.history.convention import Flaw, Parts, only
from consolidate.history.sources import files, peek

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_SAMPLES = 40
"""How many files of a folder are read to recognise its runner."""

_BLANK_OR_COMMENT = re.compile(r"(?:\s|--[^\n]*|/\*.*?\*/)*", re.DOTALL)


class Does(Enum):
    """What a marker means for the lines behind it."""

    UP = "up"
    DOWN = "down"
    NOTHING = "nothing"
    """It only helps the runner to cut the file into statements."""


@dataclass(frozen=True, slots=True)
class Marker:
    """One comment line that a runner obeys."""

    start: int
    end: int
    """Behind its last character, before the line end."""
    does: Does
    transactional: bool = True
    flaw: str = ""
    """What is wrong with it; empty if nothing is."""


def cut(text: str, markers: Sequence[Marker], *, up: str, anything_before: bool = False) -> Parts:
    """The parts of a file, by its markers in the order in which they stand.

    Args:
        text: The file's.
        markers: All that it has; what they mean is the runner's business.
        up: The marker that begins the up part, for messages.
        anything_before: Whether statements may stand before the first marker; they are up.
    """
    flaws = [Flaw(marker.start, marker.flaw) for marker in markers if marker.flaw]
    steering = [marker for marker in markers if marker.does is not Does.NOTHING]
    if not any(marker.does is Does.UP for marker in steering) and not anything_before:
        flaws.append(Flaw(0, f"no line `{up}`, so the runner finds nothing to apply"))
    first = steering[0].start if steering else len(text)
    stray = _BLANK_OR_COMMENT.match(text)
    if not anything_before and steering and stray and stray.end() < first:
        flaws.append(Flaw(stray.end(), f"something before the line `{up}`, which is not applied"))
    kept: dict[Does, list[tuple[int, int]]] = {Does.UP: [], Does.DOWN: []}
    direction = Does.UP  # before the first marker stand the authors' words on all of it
    start = 0
    for marker in markers:
        kept[direction].append((start, marker.start))
        if marker.does is not Does.NOTHING:
            direction = marker.does
        start = marker.end
    kept[direction].append((start, len(text)))
    return Parts(
        up=only(text, kept[Does.UP]),
        down=only(text, kept[Does.DOWN]) if kept[Does.DOWN] else "",
        transactional=all(m.transactional for m in markers if m.does is not Does.DOWN),
        flaws=tuple(flaws),
    )


def with_a_line(folder: Path, line: re.Pattern[str]) -> str:
    """The name of the first file right in a folder that has such a line; empty if none has."""
    names = [file for file in files(folder) if file.name.endswith(".sql")]
    texts = ((file.name, peek(file)) for file in names[:_SAMPLES])
    return next((name for name, text in texts if line.search(text)), "")


def found(
    text: str, line: re.Pattern[str], meaning: Callable[[str], tuple[Does, bool, str]]
) -> Iterator[Marker]:
    """The markers of a text.

    Args:
        text: The file's.
        line: Matches a whole marker line; its first group is what the marker says.
        meaning: What a marker says, as what it does, whether the part is transactional, and what
            is wrong with it.
    """
    for match in line.finditer(text):
        does, transactional, flaw = meaning(match[1].strip())
        yield Marker(match.start(), match.end(), does, transactional, flaw)
