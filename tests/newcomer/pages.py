"""Reads a page's commands with what it shows of their output, and compares that with theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ANYTHING = "…"
"""Alone on a line: any number of lines; within a line: any text."""

_BLOCK = re.compile(r"^```(console|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROMPT = "$ "


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is typed, and the lines that the page shows of the answer."""

    line: int
    typed: str
    shown: tuple[str, ...]


def steps(page: str) -> tuple[Step, ...]:
    """The commands of all blocks `console` and `sh`, in the order of the page.

    In `console` a command stands after `$ `, above its output. A block `sh` is typed as a whole and
    answers nothing.
    """
    found: list[Step] = []
    for block in _BLOCK.finditer(page):
        first = page.count("\n", 0, block.start(2)) + 1
        if block[1] == "sh":
            found.append(Step(line=first, typed=block[2].rstrip("\n"), shown=()))
        else:
            found += _console(block[2].splitlines(), first)
    return tuple(found)


def _console(lines: Sequence[str], first: int) -> list[Step]:
    commands = [number for number, line in enumerate(lines) if line.startswith(_PROMPT)]
    if not commands or commands[0]:
        raise ValueError(f"line {first}: the block does not begin with a command")
    ends = [*commands[1:], len(lines)]
    return [
        Step(
            line=first + start,
            typed=lines[start].removeprefix(_PROMPT),
            shown=tuple(line.rstrip() for line in lines[start + 1 : end]),
        )
        for start, end in zip(commands, ends, strict=True)
    ]


def disagreement(shown: Sequence[str], said: str) -> str:
    """The first line that is shown and was not said there, or what was said and is not shown."""
    text = "".join(f"{line.rstrip()}\n" for line in said.splitlines())
    patterns = [_pattern(line) for line in shown]
    if re.fullmatch("".join(patterns), text):
        return ""
    for count in range(1, len(shown) + 1):
        if not re.match("".join(patterns[:count]), text):
            return f"not said there: {shown[count - 1]}"
    return "more was said than is shown"


def _pattern(line: str) -> str:
    if line == ANYTHING:
        return r"(?:.*\n)*?"
    return ".*".join(re.escape(part) for part in line.split(ANYTHING)) + r"\n"
