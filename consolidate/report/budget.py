"""Fits sections of Markdown into a number of bytes, whole lines at a time.

What does not fit is left out from the end of the sections that matter least, and each of these says
how many lines that are and where they stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading with what stands below it; all texts are Markdown already."""

    title: str
    """It is put into HTML as it is, so it may hold nothing that comes from a history."""
    lines: tuple[str, ...]
    """What may be left out, from the end."""
    weight: int
    """Of the sections that can be shortened the lightest one is, first."""
    rest: str
    """Where the lines are that are left out here."""
    intro: str = ""
    """A sentence above the lines that is never left out."""
    head: str = ""
    """The head of the table that the lines are rows of."""
    folded: bool = True

    def text(self, kept: int | None = None) -> str:
        """The section with the first few of its lines, or with all of them."""
        kept = len(self.lines) if kept is None else kept
        return "\n".join(part for part in self._parts(kept) if part)

    def _parts(self, kept: int) -> Sequence[str]:
        opening, closing = f"### {self.title}\n", ""
        if self.folded:
            opening = f"<details>\n<summary>{self.title}</summary>\n"
            closing = "</details>\n"
        intro = f"{self.intro}\n" if self.intro else ""
        head = self.head if kept else ""
        body = "\n".join((*([head] if head else []), *self.lines[:kept]))
        left = len(self.lines) - kept
        told = f"{counted(left, 'more line')} left out here: {self.rest}.\n" if left else ""
        return opening, intro, f"{body}\n" if body else "", told, closing


def fitted(head: str, sections: Sequence[Section], budget: int) -> str:
    """The head and the sections in their order, in at most as many bytes of UTF-8.

    Titles, introductions and the head are kept in any case: they must be few against the budget.

    Args:
        head: What comes first.
        sections: In the order in which they are read.
        budget: How many bytes there are.
    """
    texts = [section.text() for section in sections]
    over = _size(head, *texts) - budget
    for number in sorted(range(len(sections)), key=lambda number: sections[number].weight):
        if over <= 0:
            break
        full = _size(texts[number])
        texts[number] = _shortened(sections[number], full - over)
        over -= full - _size(texts[number])
    return "\n".join([head, *texts])


def _shortened(section: Section, wanted: int) -> str:
    """The section with as many lines as fit into some bytes; else the shortest that it can be."""
    if not section.lines:
        return section.text()
    sizes = [0]
    for line in section.lines:
        sizes.append(sizes[-1] + _size(line))
    frame = _size(section.text(1)) - sizes[1]  # the number of those left out is longest there
    for kept in range(len(section.lines) - 1, 0, -1):
        if frame + sizes[kept] <= wanted:
            return section.text(kept)
    return min(section.text(0), section.text(), key=_size)


def _size(*texts: str) -> int:
    """Bytes of the texts, each with a line end."""
    return sum(len(text.encode()) + 1 for text in texts)
