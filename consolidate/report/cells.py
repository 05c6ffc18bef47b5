"""Puts values into the cells of a report's tables, escaped and cut to a length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import markdown
from consolidate.phrases import clipped, listed
from consolidate.report.budget import Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consolidate.wording.units import Rung

TEXT, NAME = 300, 200
"""Characters of one text, and of one name, that are shown."""
NAMES = 6
"""Names that are shown in one cell."""


def table(
    title: str, head: Sequence[str], rows: Iterable[Sequence[str]], weight: int, rest: str
) -> Section:
    """A section that is a table; its cells are Markdown already."""
    return Section(
        title=title,
        lines=tuple(map(markdown.row, rows)),
        weight=weight,
        rest=rest,
        head=markdown.table_head(head),
    )


def rungs(numbers: Mapping[Rung, int]) -> str:
    """How many steps stand on each rung that has any."""
    told = (f"{number:,} {rung}" for rung, number in numbers.items() if number)
    return ", ".join(told) or "nothing"


def text(words: str) -> str:
    """A text as it is."""
    return markdown.cell(clipped(words, TEXT))


def name(words: str, most: int = NAME) -> str:
    """A name, in a code span."""
    return markdown.code(clipped(words, most))


def names(words: Sequence[str], most: int = NAMES) -> str:
    """The first few names, and how many more there are."""
    return listed([name(word) for word in words], most)
