r"""Takes the arguments of a psql command apart, by the rules of psql's `psqlscanslash.l`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from consolidate.lexer import WITHIN_NAME
from consolidate.psql.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

_PIECE = re.compile(
    rf"""
      (?P<blank> [ \t\r\f\v]++ )
    | (?P<string> '(?:[^'\\\n]++|\\[^\n]|'')*+' )
    | (?P<shell> `[^`\n]*+`? )
    | (?P<name> "[^"\n]*+"? )
    | (?P<variable> : (?:
          {WITHIN_NAME}++
        | '{WITHIN_NAME}++'
        | "{WITHIN_NAME}++"
        | \{{\?{WITHIN_NAME}++\}} ) )
    | (?P<end> [\\\n] | \Z )
    | (?P<other> . )
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))|''")
_LETTERS = {"n": "\n", "t": "\t", "b": "\b", "r": "\r", "f": "\f"}


class Arguments(NamedTuple):
    """The arguments of one command."""

    words: tuple[str, ...]
    end: int
    r"""Where SQL or the next command follows: a line's end, or a backslash; behind `\\`."""


def read(text: str, start: int, value: Callable[[str], str | None]) -> Arguments:
    """The arguments that begin at a place; `value` gives what stands for a variable, if anything.

    Raises:
        Refusal: An argument asks a shell, or a quote is left open.
    """
    words: list[str] = []
    open_word = False
    while True:
        piece = _PIECE.match(text, start)
        if piece is None or piece.lastgroup == "end":
            return Arguments(tuple(words), _behind(text, start))
        start = piece.end()
        if piece.lastgroup == "blank":
            open_word = False
            continue
        written = _written(piece, value)
        if open_word:
            words[-1] += written
        else:
            words.append(written)
        open_word = True


def skip(text: str, start: int) -> int:
    """Where arguments end that do not matter."""
    while (piece := _PIECE.match(text, start)) and piece.lastgroup != "end":
        start = piece.end()
    return _behind(text, start)


def rest_of_line(text: str, start: int) -> int:
    """Where a command ends that takes its whole line."""
    newline = text.find("\n", start)
    end = len(text) if newline < 0 else newline
    return end - 1 if text[start:end].endswith("\r") else end


def _behind(text: str, start: int) -> int:
    if text.startswith("\\\\", start):
        return start + 2
    back = start - 1
    return back if text.startswith("\r\n", back) and back >= 0 else start


def _written(piece: re.Match[str], value: Callable[[str], str | None]) -> str:
    match piece.lastgroup:
        case "string":
            return _ESCAPE.sub(_escaped, piece[0][1:-1])
        case "shell":
            raise Refusal(
                f"{piece[0]} asks a shell; configure a placeholder for it, backquotes included"
            )
        case "variable":
            known = value(piece[0])
            return piece[0] if known is None else known
        case "other" if piece[0] == "'":
            raise Refusal("an argument with an open quote")
        case _:
            return piece[0]


def _escaped(match: re.Match[str]) -> str:
    if match[0] == "''":
        return "'"
    octal, hexadecimal, other = match.groups()
    if octal:
        return chr(int(octal, 8) & 0xFF)
    if hexadecimal:
        return chr(int(hexadecimal, 16))
    return _LETTERS.get(other, other)
