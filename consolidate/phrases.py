"""Puts lists, counts and awkward characters into plain English lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def listed(names: Sequence[str], most: int) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def one_line(text: str) -> str:
    """The text with line ends and other control characters spelled as escapes.

    A quoted name can hold any of them; printed raw, they end a comment or steer a terminal.
    """
    return text if text.isprintable() else "".join(map(spelled, text))


def one_line_each(text: str) -> str:
    """The same for each line of a text."""
    return "\n".join(map(one_line, text.split("\n")))


def spelled(character: str) -> str:
    r"""One character as people can read it, and as a shell takes it in `$'…'`.

    `\u0085` is a character. `\xff` is a byte of a file's name that is not UTF-8, which stands in
    Python's strings as a lone surrogate.
    """
    if character.isprintable():
        return character
    if _BYTE.fullmatch(character):
        return rf"\x{ord(character) - 0xDC00:02x}"
    if "\x80" <= character <= "\xff":
        return rf"\u{ord(character):04x}"
    return character.encode("unicode_escape").decode()


def holds_bytes(text: str) -> bool:
    """Whether a name that the system gave, or the user, is not UTF-8."""
    return bool(_BYTE.search(text))


_BYTE = re.compile("[\udc80-\udcff]")


def clipped(text: str, most: int) -> str:
    """The text, or as much of its beginning as fits, with an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
