"""Finds the way back that a file has in comments, under a heading that says so.

Runners without down parts leave their users to write one where nothing applies it: below a line
such as `-- MIGRATION DOWN (Rollback)`, in a block comment or line by line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consolidate import lexer
from consolidate.history.convention import only

if TYPE_CHECKING:
    from collections.abc import Iterator

_BACK = r"(?:down|roll[ -]?back|revert|undo)"
_WORDS = ("down", "roll", "revert", "undo")
"""A heading has one of them."""
_HEADING = re.compile(
    rf"""(?:migration\s+)?{_BACK}
         (?:\s+(?:migration|script|sql|section|part|statements?|steps?|instructions?|plan))*
         (?:\s*\([^()]*\))?\s*:?
       | (?:to|for)\s+(?:a\s+)?{_BACK}\b[^;]*:""",
    re.IGNORECASE | re.VERBOSE,
)
"""The whole of a line: `MIGRATION DOWN (Rollback)`, `Rollback script:`, `To undo this, run:`."""

_RULE = re.compile(r"[-=*#_~+/\s]{3,}")
_OTHER_HEADING = re.compile(r"[A-Z][A-Z /&]+:?")
_DECORATION = " \t-=*#_~+/>"

_KINDS = r"""
    (?: access | aggregate | cast | collation | constraint | conversion | database
    | default | domain | event | extension | foreign | function | group | index | large
    | materialized | operator | owned | policy | procedure | publication | role | routine
    | rule | schema | sequence | server | statistics | subscription | system | table
    | tablespace | text | transform | trigger | type | user | view )"""
_RIGHTS = r"""(?: all | connect | create | delete | execute | grant | insert | maintain
    | references | select | set | temp | temporary | trigger | truncate | update | usage )"""
_STATEMENT = re.compile(
    rf"""(?: (?:begin|commit|end|start) (?:\s+(?:transaction|work))? \s* (?:;.*)?\Z
       | (?:drop|alter) \s+ {_KINDS} \b
       | create \s+ (?: or | unique | recursive | temp | temporary | unlogged | {_KINDS} ) \b
       | (?:grant|revoke) \s+ (?: {_RIGHTS} \b | \S+ \s+ (?:to|from) \b )
       | delete \s+ from \b | insert \s+ into \b | merge \s+ into \b
       | update \s+ (?:only\s+)? [\w."]+ (?:\s+(?:as\s+)?\w+)? \s* (?: \b set\b | \Z )
       | truncate \s+ \S+ (?:\s*;|,|\s+(?:cascade|restart|restrict)|\s*\Z)
       | truncate \s+ table \b
       | comment \s+ on \b | security \s+ label \b | refresh \s+ materialized \b
       | set \s+ (?:local\s+|session\s+)? [\w.]+ \s* (?: = | \b to\b ) | reset \s+ [\w.]+ \s* ;
       | do \s* (?: \$ | ' | language\b | \Z )
       | select \s* (?: \Z | \* | [\w."]+ \s* [(,;] | .* \b from \b )
       | with \s+ [\w"]+ \s* (?:\([^)]*\)\s*)? as \b
       | call \s+ [\w."]+ \s* \( | reindex \s+ {_KINDS} \b | lock \s+ table \b
       | reassign \s+ owned \b )""",
    re.IGNORECASE | re.VERBOSE,
)
"""How a line begins that is a statement's first, and not somebody's words on it."""


def down(text: str) -> str:
    """The SQL that a file has under such headings, with blanks for all else; empty if it has none.

    A section begins with its heading and ends with the comments that follow each other there, at a
    ruled line, or at another heading. Block comments in it are taken whole. Of line comments those
    are that a statement stands in. Whether any of it is SQL is for the parser to say.
    """
    lowered = text.lower()
    if not any(word in lowered for word in _WORDS):
        return ""
    kept = [piece for run in _runs(text) for piece in _Section(text).read(run)]
    return only(text, kept) if kept else ""


def _runs(text: str) -> Iterator[list[tuple[int, int]]]:
    """Comments that begin their lines, in runs with nothing between them."""
    sql = lexer.prepare(text).sql
    run: list[tuple[int, int]] = []
    end = 0
    for token in lexer.tokens(sql):
        if token.kind != "comment":
            continue
        line = sql[sql.rfind("\n", 0, token.start) + 1 : token.start]
        if run and sql[end : token.start].strip():
            yield run
            run = []
        if not line.strip():
            run.append((token.start, token.end))
            end = token.end
    yield run


@dataclass(slots=True)
class _Section:
    """What of one run of comments stands under a heading."""

    _text: str
    _inside: bool = False
    _taken: list[tuple[int, int]] = field(default_factory=list)
    _open: int | None = None
    """Which piece the statement begins with that has not ended yet."""

    def read(self, run: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The pieces of the text that are SQL."""
        for start, end in run:
            if self._text.startswith("/*", start):
                self._block(start + 2, end - 2 if self._text.endswith("*/", start, end) else end)
            else:
                self._line(start + 2, end)
        return self._taken

    def _block(self, start: int, end: int) -> None:
        """A block comment: SQL behind its own heading, or all of it below another one."""
        first = re.compile(r"\s*([^\n]*)").match(self._text, start, end)
        if first and _is_heading(first[1]):
            self._inside = True
            start = first.end()
        if self._inside and self._text[start:end].strip():
            self._open = None
            self._taken.append((start, end))

    def _line(self, start: int, end: int) -> None:
        told = self._text[start:end].strip()
        if self._open is not None:
            self._take(start, end)
        elif _is_heading(told):
            self._inside = True
        elif self._inside and _STATEMENT.match(told):
            self._open = len(self._taken)
            self._take(start, end)
        elif self._taken and (_RULE.fullmatch(told) or _OTHER_HEADING.fullmatch(told)):
            self._inside = False

    def _take(self, start: int, end: int) -> None:
        self._taken.append((start, end))
        if self._ends():
            self._open = None

    def _ends(self) -> bool:
        """Whether the statement that is open has its semicolon, and only comments behind it."""
        pieces = [self._text[start:end] for start, end in self._taken[self._open :]]
        statement = "\n".join(pieces)
        last = [token for token in lexer.tokens(statement) if token.kind != "comment"][-1:]
        return bool(last) and last[0].kind == "semicolon" and not self._more(statement, last[0].end)

    @staticmethod
    def _more(statement: str, behind: int) -> bool:
        return lexer.first_token(statement, behind) < len(statement)


def _is_heading(line: str) -> bool:
    return bool(_HEADING.fullmatch(line.strip().strip(_DECORATION).strip()))
