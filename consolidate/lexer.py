"""Finds, before the parser runs, what is in a migration but is no SQL: psql commands, COPY rows.

It knows where strings, quoted names and comments begin and end, and what psql would take for one of
its variables or commands there; of the grammar it knows nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LETTER = r"[^\x00-@\[-^`{-\x7f]"
"""A letter, an underscore or what is beyond ASCII: told by what it is not, since Python takes a
hundred times as long to compile a class with all that is beyond ASCII in it."""
WITHIN_NAME = r"[^\x00-/:-@\[-^`{-\x7f]"
"""Likewise, or a digit."""
_WITHIN_WORD = r"[^\x00-#%-/:-@\[-^`{-\x7f]"
"""Likewise, or a dollar sign."""

# The rules of PostgreSQL's scan.l. Dollar quotes and block comments are only begun here, since
# the one ends at its own tag and the other nests. What does not end runs to the end of the text.
_TOKEN = re.compile(
    rf"""
      (?P<comment> --[^\n\r]*+ )
    | (?P<block> /\* )
    | (?P<escape> [eE] '(?:[^'\\]++|\\.|'')*+(?:'|\Z)
          (?: [ \t\f\v]*+(?:--[^\n\r]*+)?[\n\r]\s*+(?:--[^\n\r]*+[\n\r]\s*+)*+
              '(?:[^'\\]++|\\.|'')*+(?:'|\Z) )*+ )
    | (?P<string> '[^']*+(?:'|\Z) )
    | (?P<name> "[^"]*+(?:"|\Z) )
    | (?P<dollar> \$ (?:{_LETTER}{WITHIN_NAME}*+)? \$ )
    | (?P<word> {_LETTER}{_WITHIN_WORD}*+ )
    | (?P<semicolon> ; )
    | (?P<cast> :[:=] )
    | (?P<variable> : (?:
          {WITHIN_NAME}++
        | '{WITHIN_NAME}++'
        | "{WITHIN_NAME}++"
        | \{{\?{WITHIN_NAME}++\}} ) )
    | (?P<backslash> \\[^\s]*+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_BETWEEN = re.compile(r"[ \t\n\r\f\v;]*")
_BLOCK_EDGE = re.compile(r"/\*|\*/")
_COPY_FROM_STDIN = re.compile(r"copy\b\s*+(?!\().*\bfrom\s+stdin\b", re.IGNORECASE | re.DOTALL)
_REST_OF_LINE = re.compile(r"[ \t\f\v]*(?:--[^\n]*)?(?:\r?\n|\Z)")
_END_OF_ROWS = re.compile(r"^\\\.(?=\r?$)", re.MULTILINE)
_SETTING = "standard_conforming_strings"
_OFF = re.compile(r"\s*(?:=|to)\s*'?(?:off|false|no|0)\b", re.IGNORECASE)
_ESCAPED = re.compile(r"'(?:[^'\\]++|\\.|'')*+(?:'|\Z)", re.DOTALL)
BEHIND_COPY = "something behind a COPY … FROM stdin; begin a new line, where its rows begin"
"""Why a COPY can not be read."""


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


def first_token(text: str, start: int) -> int:
    """Where the first thing stands that is no blank, comment or semicolon."""
    while match := _BETWEEN.match(text, start):
        start = match.end()
        if not text.startswith(("--", "/*"), start):
            break
        start = next(tokens(text, start)).end
    return start


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


def copies_from_stdin(text: str, statement: Iterable[Token], end: int) -> bool:
    """Whether the tokens, up to a semicolon at `end`, are a `COPY … FROM stdin`."""
    known = [token for token in statement if token.kind != "comment"]
    if not known or text[known[0].start : known[0].end].lower() != "copy":
        return False
    start = known[0].start
    holes = [(t.start, t.end) for t in statement if t.kind != "word" and t.start > start]
    return bool(_COPY_FROM_STDIN.match(_blanked(text, start, end, holes)))


def rows_behind(text: str, semicolon: int) -> CopyBlock | None:
    """The rows behind a `COPY … FROM stdin;`; None if something else is on its line."""
    line = _REST_OF_LINE.match(text, semicolon + 1)
    if line is None:
        return None
    last = _END_OF_ROWS.search(text, line.end())
    return CopyBlock(
        semicolon=semicolon,
        start=line.end(),
        end=last.start() if last else len(text),
        close=last.end() if last else len(text),
    )


def turns_escapes_on(text: str, word: Token) -> bool | None:
    """Whether a word begins a setting that makes backslashes in plain strings escapes.

    None: the word has nothing to do with it.
    """
    if text[word.start : word.end].lower() != _SETTING:
        return None
    return bool(_OFF.match(text, word.end))


def escaped_string_end(text: str, start: int) -> int:
    """Where a plain string ends if backslashes in it are escapes."""
    match = _ESCAPED.match(text, start)
    return match.end() if match else len(text)


def prepare(text: str) -> Prepared:
    """Sets COPY rows aside, and reports what no server can take."""
    if "\\" not in text and "\0" not in text and "stdin" not in text.lower():
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
                    is_copy = copies_from_stdin(self._text, self._statement, token.start)
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
                case _:
                    if token.kind == "word":
                        turned = turns_escapes_on(self._text, token)
                        self._escapes = self._escapes if turned is None else turned
                    self._statement.append(token)
        return None

    def _copy(self, semicolon: int) -> int | None:
        block = rows_behind(self._text, semicolon)
        if block is None:
            self._flaw(semicolon + 1, BEHIND_COPY)
            return None
        self._result.copies[semicolon] = block
        return block.close if block.close < len(self._text) else None

    def _psql_command(self, token: Token) -> int:
        command = self._slice(token)
        self._flaw(token.start, f"{command} is a command of psql, which is not SQL; take it out")
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
