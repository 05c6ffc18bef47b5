"""Puts texts into Markdown so that they are shown as they are, whatever they hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate.phrases import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MARKS = re.compile(r"[\\`*_<>\[\]|~$]|&(?=[#\w])")
_REFERS = re.compile(r"([@#])(?=\w)")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    return "\n".join([table_head(head), *map(row, rows)])


def table_head(head: Sequence[str]) -> str:
    """The two lines that a table begins with."""
    return "\n".join([row(head), row(["---"] * len(head))])


def row(cells: Iterable[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(cells)} |"


def cell(text: str) -> str:
    """Text as Markdown shows it, in a table too: a bar would end the cell.

    Neither tags nor entities nor GitHub's formulas are made of it, and it calls nobody: there an
    empty comment parts `@name` and `#1`, which GitHub looks for after it has rendered the page.
    """
    return _REFERS.sub(r"\1<!-- -->", _MARKS.sub(r"\\\g<0>", one_line(text)))


def code(text: str) -> str:
    """Text in a code span, whose fence must be longer than any run of backticks inside."""
    plain = one_line(text).replace("|", "\\|")
    if "`" not in plain:
        return f"`{plain}`"
    fence = max(re.findall("`+", plain), default="") + "`"
    return f"{fence} {plain} {fence}"
