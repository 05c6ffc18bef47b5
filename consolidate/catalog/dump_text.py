"""Cuts the text of `pg_dump`, `pg_dumpall` and `pg_restore` into sections and tokens.

It tells code from strings, quoted names, dollar-quoted bodies and comments, so nothing inside a
body is ever taken for a header, a comment or a statement of the dump's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# pg_dump writes a string that holds a backslash as E'…' where standard_conforming_strings is
# off, so a plain '…' never has escapes but the doubled quote.
_TOKEN: Final = re.compile(
    r"""
      (?P<comment> --[^\n]* )
    | (?P<quoted> [eE]'(?:[^'\\]|\\.|'')*'
                | '(?:[^']|'')*'
                | "(?:[^"]|"")*"
                | (?P<tag> \$(?:[^\W\d]\w*)?\$ ) .*? (?P=tag) )
    | (?P<meta> ^\\[^\n]* )
    | (?P<word> [^\W\d][\w$]* )
    | (?P<space> \s+ )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)

_HEADER: Final = re.compile(
    r"--\ (?:Data\ for\ |Statistics\ for\ )?Name:\ (?P<name>.*);\ Type:\ (?P<type>[^;]*);"
    r"\ Schema:\ (?P<schema>.*?)"
    r"(?:;\ Owner:\ (?P<owner>.*?))?(?:;\ Tablespace:\ (?P<tablespace>.*?))?"
    r"(?:;\ Access\ method:\ (?P<access_method>.*?))?",
    re.VERBOSE,
)
_TOC: Final = re.compile(r"-- TOC entry (\d+) \(class (\d+) OID (\d+)\)")
_DEPENDENCIES: Final = re.compile(r"-- Dependencies:((?: \d+)*)")

Token: TypeAlias = tuple[str, str]
"""Kind (`comment`, `quoted`, `meta`, `word`, `space`, `other`) and text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the comment before an entry says about it."""

    name: str
    type: str
    schema: str | None
    owner: str | None
    tablespace: str | None
    access_method: str | None
    """Only in normalised text; a dump sets it as a session's default before the entry."""
    dump_id: int | None = None
    classid: int = 0
    oid: int = 0
    dependencies: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """An entry's header and its statements; the text before the first header has none."""

    header: Header | None
    statements: tuple[tuple[Token, ...], ...]
    """Each with its semicolon, without comments, psql lines and the blank space around it."""


def tokens(text: str) -> Iterator[Token]:
    """All of the text, cut into tokens."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        # lastgroup is the last group to close, and the quoted alternative closes after its tag.
        yield kind, match.group()


def sections(text: str) -> Iterator[Section]:
    """The text's entries in order.

    A header is a comment line `-- Name: …; Type: …; Schema: …` outside of every string and body,
    with what `pg_restore -v` adds in the comment lines right before it. Names can not break the
    line: `pg_dump` prints their line ends as blanks.
    """
    header: Header | None = None
    code: list[Token] = []
    comments: list[str] = []
    for kind, piece in tokens(text):
        if kind == "comment":
            comments.append(piece)
            if found := _HEADER.fullmatch(piece):
                yield Section(header, tuple(_statements(code)))
                header, code = _header(found, comments), []
        elif kind != "meta":
            if kind != "space" or "\n\n" in piece:
                comments.clear()
            code.append((kind, piece))
    yield Section(header, tuple(_statements(code)))


def _header(found: re.Match[str], comments: Iterable[str]) -> Header:
    toc: re.Match[str] | None = None
    dependencies: tuple[int, ...] = ()
    for line in comments:
        toc = _TOC.fullmatch(line) or toc
        if listed := _DEPENDENCIES.fullmatch(line):
            dependencies = tuple(map(int, listed[1].split()))
    return Header(
        name=found["name"],
        type=found["type"],
        schema=_given(found["schema"]),
        owner=_given(found["owner"]),
        tablespace=_given(found["tablespace"]),
        access_method=_given(found["access_method"]),
        dump_id=int(toc[1]) if toc else None,
        classid=int(toc[2]) if toc else 0,
        oid=int(toc[3]) if toc else 0,
        dependencies=dependencies,
    )


def _given(value: str | None) -> str | None:
    return None if value in {None, "", "-"} else value


def _statements(code: Iterable[Token]) -> Iterator[tuple[Token, ...]]:
    """Cut at semicolons outside of parentheses and `BEGIN ATOMIC` bodies.

    Such a body is deparsed: its END stands at the beginning of a line, and no other does.
    """
    statement: list[Token] = []
    depth = 0
    in_body = False
    before = ""
    for kind, piece in code:
        if not statement and kind == "space":
            continue
        statement.append((kind, piece))
        if kind == "other":
            depth += (piece == "(") - (piece == ")")
        elif kind == "word":
            in_body = in_body or (piece == "ATOMIC" and before == "BEGIN")
            line_start = len(statement) > 1 and statement[-2][1].endswith("\n")
            in_body = in_body and not (piece == "END" and line_start)
            before = piece
        if piece == ";" and not depth and not in_body:
            yield tuple(statement)
            statement = []
    while statement and statement[-1][0] == "space":
        statement.pop()
    if statement:
        yield tuple(statement)


def spelled(statement: Iterable[Token]) -> str:
    """The statement's text."""
    return "".join(piece for _, piece in statement)
