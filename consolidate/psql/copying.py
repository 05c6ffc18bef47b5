r"""Turns psql's `\copy` into a `COPY … FROM stdin` with its rows behind it."""

from __future__ import annotations

import re
from typing import NamedTuple

from consolidate.psql.refusal import Refusal

_PIECE = re.compile(r"""'(?:[^']|'')*'?|"(?:[^"]|"")*"?|[()]|[^\s()'"]+""")
_WRITES = re.compile(r"\b(?:insert|update|delete|merge)\b", re.IGNORECASE)
_END_OF_ROWS = re.compile(r"^\\\.\r?$", re.MULTILINE)
_ELSEWHERE = {"program": "a program", "pstdin": "what psql itself is fed"}
_INLINE = "write `COPY … FROM stdin;` and the rows after it"


class Copy(NamedTuple):
    r"""What one `\copy` asks for."""

    sql: str
    """The COPY that brings the rows; empty if it only takes rows out of the database."""
    file: str | None
    r"""The file with the rows; None if they follow the command, up to `\.`."""


def read(line: str) -> Copy:
    r"""The command behind `\copy`, in which psql replaces no variables.

    Raises:
        Refusal: It has other sources than a file or the rows behind it, or does more than that.
    """
    before, direction, after = _parts(line)
    if direction == "to":
        if _WRITES.search(before):
            raise Refusal(rf"\copy of a statement that writes; {_INLINE}")
        return Copy("", None)
    source = _PIECE.match(after)
    if source is None:
        raise Refusal(rf"\copy from nothing; {_INLINE}")
    options = after[source.end() :].strip().rstrip(";").rstrip()
    word = source[0].lower()
    if before.lower().startswith("binary "):
        raise Refusal(rf"\copy of a binary file; {_INLINE}")
    if word in _ELSEWHERE:
        raise Refusal(rf"\copy from {_ELSEWHERE[word]}; {_INLINE}")
    sql = f"COPY {before} FROM STDIN" + (f" {options}" if options else "") + ";"
    if word.rstrip(";") == "stdin":
        return Copy(sql, None)
    name = source[0]
    return Copy(sql, name[1:-1].replace("''", "'") if name.startswith("'") else name)


def block(sql: str, rows: str) -> str:
    r"""The COPY with its rows and the `\.` that ends them.

    Raises:
        Refusal: The rows hold such a line themselves.
    """
    ended = _END_OF_ROWS.search(rows)
    if ended is not None:
        if rows[ended.end() :].strip():
            raise Refusal(r"\copy from a file with a line \. inside; take that line out")
        rows = rows[: ended.start()]
    if rows and not rows.endswith("\n"):
        rows += "\n"
    return f"{sql}\n{rows}\\."


def _parts(line: str) -> tuple[str, str, str]:
    """What stands before FROM or TO, that word, and what stands behind it."""
    depth = 0
    for number, piece in enumerate(_PIECE.finditer(line)):
        word = piece[0].lower()
        depth += {"(": 1, ")": -1}.get(word, 0)
        if number and not depth and word in {"from", "to"}:
            return line[: piece.start()].strip(), word, line[piece.end() :].strip()
    raise Refusal(rf"\copy without FROM or TO; {_INLINE}")
