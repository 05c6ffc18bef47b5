"""The rules that hold between the values of `mappings.yaml`, whatever each of them is."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from consolidate.config import DEFAULT
from consolidate.patterns import table_name
from consolidate.yamlplaces import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.yamlplaces import Document, Value

VERSION = r"^[0-9]{8}_[0-9]{6}$"
"""What a version looks like."""


def broken(document: Document, root: dict[str, Value]) -> Iterator[Flaw]:
    """The rules that it breaks; it may have any shape, so that all flaws are told at once."""
    phases = [str(phase) for phase in _list(root.get("phases", list(DEFAULT.phases)))]
    for number, phase in enumerate(phases[1:], 1):
        if phase <= phases[number - 1]:
            here = ("phases", number)
            message = f"must come after {phases[number - 1]}: folders apply in order of their names"
            yield Flaw(document.at(here), here, message)
    yield from _repeated(document, root, "groups", "name")
    yield from _repeated(document, root, "seeds", "file")
    yield from _tables_twice(document, root)
    for path, phase in _texts(root, "groups", "phase"):
        if phase not in phases:
            yield Flaw(document.at(path), path, f"there is no phase {phase} in {', '.join(phases)}")
    yield from _versions(document, root, phases)
    legacy = root.get("legacy", DEFAULT.legacy.path)
    legacy = legacy.get("path", DEFAULT.legacy.path) if isinstance(legacy, dict) else legacy
    output = root.get("output", DEFAULT.output)
    if isinstance(legacy, str) and isinstance(output, str) and _overlap(legacy, output):
        yield Flaw(document.at(("output",)), ("output",), f"must lie apart from {legacy}")


def _overlap(one: str, other: str) -> bool:
    a, b = PurePosixPath(one), PurePosixPath(other)
    return bool(one and other) and (a.is_relative_to(b) or b.is_relative_to(a))


def _versions(document: Document, root: dict[str, Value], phases: list[str]) -> Iterator[Flaw]:
    phase_by_group = {path[1]: phase for path, phase in _texts(root, "groups", "phase")}
    placed = [
        (phases.index(phase), path, version)
        for path, version in _texts(root, "groups", "version")
        if (phase := phase_by_group.get(path[1])) in phases and re.fullmatch(VERSION, version)
    ]
    placed.sort(key=lambda entry: entry[0])
    for (_, earlier, before), (_, path, version) in pairwise(placed):
        if version <= before:
            line = document.at(earlier).line
            message = f"must be later than {before} in line {line}, whose file applies before"
            yield Flaw(document.at(path), path, message)


def _repeated(document: Document, root: dict[str, Value], section: str, key: str) -> Iterator[Flaw]:
    line_by_text: dict[str, int] = {}
    for path, text in _texts(root, section, key):
        line = document.at(path).line
        if text in line_by_text:
            message = f"{text} stands twice, first in line {line_by_text[text]}"
            yield Flaw(document.at(path), path, message)
        line_by_text.setdefault(text, line)


def _tables_twice(document: Document, root: dict[str, Value]) -> Iterator[Flaw]:
    """Tables that one seed names twice; of two seeds, that is told once the history is known."""
    for number, seed in enumerate(_list(root.get("seeds"))):
        places: dict[str, tuple[str | int, ...]] = {}
        for place, text in enumerate(_list(seed.get("tables")) if isinstance(seed, dict) else []):
            here = ("seeds", number, "tables", place)
            before = places.setdefault(table_name(str(text)), here)
            if before != here:
                message = f"{text} stands twice, first in line {document.at(before).line}"
                yield Flaw(document.at(here), here, message)


def _texts(
    root: dict[str, Value], section: str, key: str
) -> Iterator[tuple[tuple[str, int, str], str]]:
    for number, entry in enumerate(_list(root.get(section))):
        text = entry.get(key) if isinstance(entry, dict) else None
        if isinstance(text, str):
            yield (section, number, key), text


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
