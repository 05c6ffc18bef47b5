"""Turns a plan into the text of its files; it decides nothing and reads nothing.

A file holds a short header, and then every step's SQL as it is. All of it is valid for
`psql -X -1 -v ON_ERROR_STOP=1 -f`: psql opens the transaction, so no file does.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from consolidate.guard import guard
from consolidate.phrases import listed, one_line
from consolidate.plan import Folder
from consolidate.provenance import Provenance, sources
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consolidate.plan import Plan, PlannedFile, Slot, Step
    from consolidate.truth import Truth

_TOGETHER = {"RIGHTS": "-- Rights", "OWNER": "-- Owners", "SEQUENCE SET": "-- Sequence positions"}
"""Kinds of small steps that share one comment and stand without blank lines between them."""

_NAMED = 4
"""Objects that a header names before it only counts."""

_MOST_SOURCES = 16
"""Legacy files that a header lists; more of them push the SQL off the screen."""


def migrations(plan: Plan, truth: Truth) -> Mapping[str, str]:
    """The text of every file below `migrations/` and `seed/`, by its path.

    The first migration begins with a check that raises on a database which already holds what
    the history makes.
    """
    provenance = Provenance.of(truth)
    first = next((f for f in plan.files if f.slot.folder is Folder.MIGRATIONS), None)
    rendered = {}
    for file in plan.files:
        blocks = [_header(file, provenance)]
        if file is first and (check := guard(plan, truth)):
            blocks.append(check)
        text = _joined([*blocks, *_body(file.steps)])
        rendered[file.path] = text.rstrip("\n") + "\n"
    return rendered


def title(slot: Slot) -> str:
    """What a file is about, in one line: its title, or its name without the version."""
    if given := " ".join(slot.title.split()):
        return given
    words = slot.stem.split("_")
    while len(words) > 1 and words[0].isdigit():
        words.pop(0)
    return " ".join(words).capitalize()


def _header(file: PlannedFile, provenance: Provenance) -> str:
    lines = [title(file.slot)]
    if any(step.unit.outside_transaction for step in file.steps):
        lines.append("Apply it without -1: a statement here can not run in a transaction.")
    lines.append(f"Rollback: {file.slot.rollback_path}")
    lines += _sources(provenance.lines(sources(file)))
    if kept := [str(s.unit.object) for s in file.steps if s.rung is Rung.AS_WAS]:
        lines.append(f"As the legacy history wrote it: {listed(kept, _NAMED)}")
    return "\n".join(f"-- {one_line(line)}" for line in lines)


def _sources(used: Sequence[str]) -> list[str]:
    """Where it all comes from; the manifest tells it of every object, however many there are."""
    if len(used) > _MOST_SOURCES:
        first, last = used[0], used[-1]
        used = (f"{len(used)} legacy files, listed in manifest.json:", first, "…", last)
    return [f"From: {used[0]}", *(f"      {place}" for place in used[1:])] if used else []


def _body(steps: Sequence[Step]) -> Iterable[str]:
    for heading, run in groupby(steps, key=lambda step: _TOGETHER.get(step.unit.type)):
        texts = [step.sql for step in run if step.sql]
        if heading and texts:
            yield _joined([heading, *texts], blank_lines=0).removesuffix("\n")
        else:
            yield from texts


def _joined(blocks: Iterable[str], *, blank_lines: int = 1) -> str:
    """The blocks as they are, with a line end after each and blank lines between them."""
    text = ""
    for block in blocks:
        if text:
            text += "\n" * blank_lines
        text += block if block.endswith("\n") else block + "\n"
    return text
