"""Reads every file of a history as far as it can be told apart, whatever is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pglast.parser import ParseError

from consolidate import lexer, nesting
from consolidate.model import Migration, SourceSpan, Statement
from consolidate.parser import parse_sql
from consolidate.places import Places
from consolidate.statements import TOO_DEEP, id_of, parser_said, source_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pglast import ast

    from consolidate.model import History, Refused

_ATOMIC = re.compile(r"\bbegin\s+atomic\b", re.IGNORECASE)


class Wrong(NamedTuple):
    """Something that can not be read, and where."""

    place: SourceSpan
    message: str


class Read(NamedTuple):
    """As much of a migration as can be read."""

    migration: Migration
    statements: tuple[Statement, ...]
    wrong: tuple[Wrong, ...]
    """What can not be; empty where all of it is read."""


def reads(history: History, files: Sequence[tuple[Statement, ...]]) -> tuple[Read, ...]:
    """All files of a history in apply order.

    Args:
        history: As it was read.
        files: The statements of those migrations that can be parsed.
    """
    whole = {file[0].path: file for file in files if file}
    found = [
        Read(one, whole[one.path], ()) if one.path in whole else in_part(one)
        for one in history.migrations
    ]
    found += map(_refused, history.refused)
    return tuple(sorted(found, key=lambda read: read.migration.number))


def placed(path: str, problem: str) -> Wrong:
    """A problem that begins with its place, taken apart.

    Args:
        path: The file that it is about where it names no line.
        problem: As an `InputProblem` has it.
    """
    where, separator, message = problem.partition(": ")
    file, line, column = [*where.rsplit(":", 2), "", ""][:3]
    if separator and line.isdigit() and column.isdigit():
        return Wrong(SourceSpan(file, 0, 0, int(line), int(column)), message)
    return Wrong(SourceSpan(path, 0, 0, 1, 1), problem.removeprefix(f"{path}: "))


def _refused(one: Refused) -> Read:
    """A file that can not be applied, with what keeps it from that before what does not parse."""
    read = in_part(one.migration)
    told = [placed(one.path, problem) for problem in one.problems]
    return read._replace(wrong=(*told, *read.wrong))


def in_part(migration: Migration) -> Read:
    """What can be told apart of a migration that can not be parsed, and all that is wrong with it.

    Where its statements end is a guess: at each semicolon outside of strings and comments that
    leaves something the parser takes. What it takes in no way has no tree and no kind.
    """
    source = source_of(migration)
    lines = Places(source)
    prepared = lexer.prepare(migration.text)
    sql = prepared.sql.replace("\0", " ")  # the parser would take it for the end
    wrong = [Wrong(lines.span(flaw.at, flaw.at), flaw.message) for flaw in prepared.flaws]
    for flaw in prepared.flaws:
        sql = _without_rest_of_line(sql, flaw.at)
    found: list[Statement] = []
    done, limits = 0, [token.start for token in lexer.tokens(sql) if token.kind == "semicolon"]
    behind = 0
    for number, limit in enumerate((*limits, len(sql))):
        start = lexer.first_token(sql, done)
        if start >= limit:
            continue
        command = sql[start : lexer.without_comments_behind(sql, start, limit)]
        too_deep = nesting.is_too_deep(command)
        tree, error = (None, None) if too_deep else _parsed(command)
        if too_deep:
            wrong.append(Wrong(lines.span(start, start), TOO_DEEP))
        if error is not None and number < len(limits) and _is_within_body(command):
            continue
        if error is not None:
            message, offset = parser_said(error, command)
            at = start + offset
            wrong.append(Wrong(lines.span(at, at), message))
        copy = prepared.copies.get(limit)
        end = copy.close if copy else min(limit + 1, len(sql))
        found.append(
            Statement(
                id=id_of(migration, len(found) + 1),
                path=migration.path,
                text=migration.text[done:end],
                sql=command,
                span=lines.span(start, start + len(command)),
                kind=type(tree).__name__ if tree is not None else "",
                tree=tree,
                copy_data=migration.text[copy.start : copy.end] if copy else None,
            )
        )
        done, behind = end, start + len(command)
    wrong += _unended(sql, behind, lines)
    return Read(migration, tuple(found), tuple(sorted(wrong)))


def _unended(sql: str, behind: int, lines: Places) -> Iterator[Wrong]:
    """The comment behind the last command, if it never ends."""
    rest = sql[behind:]
    try:
        parse_sql(rest)
    except ParseError as error:
        message, offset = parser_said(error, rest)
        yield Wrong(lines.span(behind + offset, behind + offset), message)


def _without_rest_of_line(sql: str, at: int) -> str:
    """The SQL with blanks from there to the end of the line."""
    newline = sql.find("\n", at)
    end = len(sql) if newline < 0 else newline
    return sql[:at] + " " * (end - at) + sql[end:]


def _is_within_body(command: str) -> bool:
    """Whether a standard body begins in it and does not end, so that a semicolon is its own."""
    if not _ATOMIC.search(command):
        return False
    words = [
        command[token.start : token.end].lower()
        for token in lexer.tokens(command)
        if token.kind == "word"
    ]
    return words.count("atomic") + words.count("case") > words.count("end")


def _parsed(command: str) -> tuple[ast.Node | None, ParseError | None]:
    try:
        return parse_sql(command)[0].stmt, None
    except ParseError as error:
        return None, error
