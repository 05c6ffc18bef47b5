"""Writes COPY with its data lines as INSERT, which any session can be sent as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pglast import ast

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.model import Statement

PER_STATEMENT = 500
"""Rows in one INSERT."""

_ESCAPED = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def as_insert(statement: Statement) -> str | None:
    """The INSERT that does what `COPY … FROM stdin` did; None for any other statement.

    The constants are left without a type, so that the column's input function reads them, as it
    does for COPY. A COPY may write an identity column that is always generated; so may this.
    """
    tree = statement.tree
    if statement.copy_data is None or not isinstance(tree, ast.CopyStmt) or tree.relation is None:
        return None
    options = {option.defname: _text(option.arg) for option in tree.options or ()}
    rows = list(_rows(statement.copy_data, options))
    schema, table = tree.relation.schemaname, names.quote(tree.relation.relname or "")
    relation = f"{names.quote(schema)}.{table}" if schema else table
    columns = ", ".join(names.quote(column.sval) for column in tree.attlist or ())
    head = f"INSERT INTO {relation}{f' ({columns})' if columns else ''} OVERRIDING SYSTEM VALUE"
    return "\n".join(
        f"{head} VALUES\n    {_tuples(rows[at : at + PER_STATEMENT])};"
        for at in range(0, len(rows), PER_STATEMENT)
    )


def _text(argument: ast.Node | None) -> str:
    return str(getattr(argument, "sval", "true"))


def _tuples(rows: Sequence[Sequence[str | None]]) -> str:
    return ",\n    ".join(
        "(" + ", ".join("NULL" if c is None else names.literal(c) for c in row) + ")"
        for row in rows
    )


def _rows(data: str, options: Mapping[str, str]) -> Iterator[list[str | None]]:
    csv = options.get("format") == "csv"
    delimiter = options.get("delimiter", "," if csv else "\t")
    null = options.get("null", "" if csv else r"\N")
    read = _csv(data, delimiter) if csv else _plain(data, delimiter)
    for number, row in enumerate(read):
        if number == 0 and options.get("header", "false") not in {"false", "off", "0"}:
            continue
        yield [
            None if not quoted and cell == null else cell if csv else _ESCAPED.sub(_meant, cell)
            for cell, quoted in row
        ]


def _plain(data: str, delimiter: str) -> Iterator[list[tuple[str, bool]]]:
    """The cells of the text format; a delimiter behind a backslash belongs to its cell."""
    cell = re.compile(rf"(?:\\.|[^\\{re.escape(delimiter)}])*", re.DOTALL)
    for line in data.replace("\r\n", "\n").removesuffix("\n").split("\n") if data else ():
        row, at = [], 0
        while match := cell.match(line, at):
            row.append((match.group(), False))
            at = match.end() + 1
            if at > len(line):
                break
        yield row


def _csv(data: str, delimiter: str) -> Iterator[list[tuple[str, bool]]]:
    """The cells of the CSV format, each with whether it was quoted; only then is it never NULL."""
    end = re.escape(delimiter)
    cell = re.compile(rf'(?:"((?:[^"]|"")*)"|([^"{end}\n]*))({end}|\n|$)')
    row: list[tuple[str, bool]] = []
    for match in cell.finditer(data.replace("\r\n", "\n").removesuffix("\n")):
        quoted = match[1] is not None
        row.append((match[1].replace('""', '"') if quoted else match[2], quoted))
        if match[3] != delimiter:
            yield row
            row = []
            if match[3] == "":
                return


def _meant(match: re.Match[str]) -> str:
    said = match[1]
    if said[0] == "x" and len(said) > 1:
        return chr(int(said[1:], 16))
    if said[0] in "01234567":
        return chr(int(said, 8))
    return _CONTROLS.get(said, said)
