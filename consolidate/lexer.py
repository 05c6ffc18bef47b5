"""Finds, before the parser runs, what is in a migration but is no SQL: psql commands, COPY rows.

It knows where strings, quoted names and comments begin and end, and nothing else of the grammar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# The rules of PostgreSQL's scan.l. Dollar quotes and block comments are only begun here, since
# the one ends at its own tag and the other nests. What does not end runs to the end of the text.
_TOKEN = re.compile(
    r"""
      (?P<comment> --[^\n\r]*+ )
    | (?P<block> /\* )
    | (?P<escape> [eE] '(?:[^'\\]++|\\.|'')*+(?:'|\Z)
          (?: [ \t\f\v]*+(?:--[^\n\r]*+)?[\n\r]\s*+(?:--[^\n\r]*+[\n\r]\s*+)*+
              '(?:[^'\\]++|\\.|'')*+(?:'|\Z) )*+ )
    | (?P<string> '[^']*+(?:'|\Z) )
    | (?P<name> "[^"]*+(?:"|\Z) )
    | (?P<dollar> \$ (?:[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*+)? \$ )
    | (?P<word> [A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*+ )
    | (?P<semicolon> ; )
    | (?P<backslash> \\[^\s]*+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK_EDGE = re.compile(r"/\*|\*/")
_COPY_FROM_STDIN = re.compile(r"copy\b\s*+(?!\().*\bfrom\s+stdin\b", re.IGNORECASE | re.DOTALL)
_REST_OF_LINE = re.compile(r"[ \t\f\v]*(?:--[^\n]*)?(?:\r?\n|\Z)")
_END_OF_ROWS = re.compile(r"^\\\.(?=\r?$)", re.MULTILINE)
_SETTING = "standard_conforming_strings"
_OFF = re.compile(r"\s*(?:=|to)\s*'?(?:off|false|no|0)\b", re.IGNORECASE)
_WORTH_A_LOOK = re.compile(r"\\|\0|\bstdin\b", re.IGNORECASE)

_INCLUDE = "put the content of that file here"
_VARIABLE = "configure a placeholder for what it sets"
_TAKE_OUT = "take the line out"
_ADVICE = {
    **dict.fromkeys(["i", "ir", "include", "include_relative"], _INCLUDE),
    **dict.fromkeys(["set", "gset", "getenv", "prompt"], _VARIABLE),
    **dict.fromkeys(["c", "connect", "restrict", "unrestrict", "echo", "qecho"], _TAKE_OUT),
    "copy": "write `COPY … FROM stdin;` and the rows after it",
    ".": "no COPY … FROM stdin is open here, so take the line out",
}
_OTHER_ADVICE = "take it out, or say it in SQL"


class Token(NamedTuple):
    """A piece of text that the lexer tells apart, such as a `word`, `comment` or `string`."""

    kind: str
    start: int
    end: int


class Flaw(NamedTuple):
    """Something that keeps the text from being parsed, and where."""

    at: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyBlock:
    """The rows behind a `COPY … FROM stdin`. Offsets count characters."""

    semicolon: int
    start: int
    """Of the first row."""
    end: int
    """Behind the last row."""
    close: int
    r"""Behind the `\.` that ends the rows, or the end of the text, as for psql."""


@dataclass(slots=True)
class Prepared:
    """A migration's text as the parser can take it."""

    sql: str
    """As long as the text, with blanks for COPY rows."""
    copies: dict[int, CopyBlock] = field(default_factory=dict)
    """By the offset of the COPY's semicolon."""
    flaws: list[Flaw] = field(default_factory=list)


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The tokens of a piece of text that begins outside of strings and comments."""
    end = len(text) if end is None else end
    while match := _TOKEN.search(text, start, end):
        kind = match.lastgroup or ""
        stop = match.end()
        if kind == "block":
            kind, stop = "comment", _block_end(text, stop, end)
        elif kind == "dollar":
            closing = text.find(match[0], stop, end)
            stop = end if closing < 0 else closing + len(match[0])
        yield Token(kind, match.start(), stop)
        start = stop


def without_comments_behind(text: str, start: int, end: int) -> int:
    """Where the last token of `text[start:end]` ends that is neither blank nor a comment."""
    comment_starts = {}
    if text.find("--", start, end) >= 0 or text.find("*/", start, end) >= 0:
        comment_starts = {t.end: t.start for t in tokens(text, start, end) if t.kind == "comment"}
    while True:
        # PostgreSQL's blanks, not Python's: a no-break space is a letter to the scanner.
        end = start + len(text[start:end].rstrip(" \t\n\r\f\v"))
        if end not in comment_starts:
            return end
        end = comment_starts[end]


def prepare(text: str) -> Prepared:
    """Sets COPY rows aside, and reports what no server can take."""
    if not _WORTH_A_LOOK.search(text):
        return Prepared(text)
    if (zero := text.find("\0")) >= 0:
        # The parser takes C strings, and would silently miss everything behind it.
        return Prepared(text, flaws=[Flaw(zero, "a NUL character; is the file UTF-16?")])
    return _Reader(text).read()


class _Reader:
    """One pass over a text that has a backslash or a COPY in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._result = Prepared(text)
        self._statement: list[Token] = []
        self._escapes = False

    def read(self) -> Prepared:
        at: int | None = 0
        while at is not None:
            at = self._read_until_a_jump(at)
        holes = [(copy.semicolon + 1, copy.close) for copy in self._result.copies.values()]
        self._result.sql = _blanked(self._text, 0, len(self._text), holes)
        return self._result

    def _read_until_a_jump(self, start: int) -> int | None:
        """Reads tokens up to one behind which something else than SQL stands; where that ends."""
        for token in tokens(self._text, start):
            match token.kind:
                case "semicolon":
                    is_copy = self._is_copy_from_stdin(token.start)
                    self._statement = []
                    if is_copy:
                        return self._copy(token.start)
                case "backslash":
                    return self._psql_command(token)
                case "string" if self._escapes and "\\" in self._slice(token):
                    # Where such a string ends is anyone's guess, so nothing behind it counts.
                    self._flaw(
                        token.start,
                        f"a backslash in a string while {_SETTING} is off; "
                        "write the string as E'…' and take the setting out",
                    )
                    return None
                case "word" if self._slice(token).lower() == _SETTING:
                    self._escapes = bool(_OFF.match(self._text, token.end))
                    self._statement.append(token)
                case _:
                    self._statement.append(token)
        return None

    def _is_copy_from_stdin(self, end: int) -> bool:
        words = [token for token in self._statement if token.kind != "comment"]
        if not words or self._slice(words[0]).lower() != "copy":
            return False
        start = words[0].start
        holes = [(t.start, t.end) for t in self._statement if t.kind != "word" and t.start > start]
        return bool(_COPY_FROM_STDIN.match(_blanked(self._text, start, end, holes)))

    def _copy(self, semicolon: int) -> int | None:
        line = _REST_OF_LINE.match(self._text, semicolon + 1)
        if line is None:
            self._flaw(
                semicolon + 1,
                "something behind a COPY … FROM stdin; begin a new line, where its rows begin",
            )
            return None
        last = _END_OF_ROWS.search(self._text, line.end())
        rest = len(self._text)
        self._result.copies[semicolon] = CopyBlock(
            semicolon=semicolon,
            start=line.end(),
            end=last.start() if last else rest,
            close=last.end() if last else rest,
        )
        return last.end() if last else None

    def _psql_command(self, token: Token) -> int:
        command = self._slice(token)
        advice = _ADVICE.get(command[1:], _OTHER_ADVICE)
        self._flaw(token.start, f"{command} is a command of psql, which is not SQL; {advice}")
        newline = self._text.find("\n", token.end)
        return len(self._text) if newline < 0 else newline

    def _flaw(self, at: int, message: str) -> None:
        self._result.flaws.append(Flaw(at, message))

    def _slice(self, token: Token) -> str:
        return self._text[token.start : token.end]


def _blanked(text: str, start: int, end: int, holes: list[tuple[int, int]]) -> str:
    """A piece of text with blanks in place of some of it."""
    pieces = []
    for hole_start, hole_end in holes:
        pieces += [text[start:hole_start], " " * (hole_end - hole_start)]
        start = hole_end
    return "".join([*pieces, text[start:end]])


def _block_end(text: str, start: int, end: int) -> int:
    depth = 1
    while edge := _BLOCK_EDGE.search(text, start, end):
        start = edge.end()
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return start
    return end
