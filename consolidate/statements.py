"""Cuts a migration's text into its SQL commands without losing a character of it.

Where a command ends is PostgreSQL's parser's decision: no other reader is right about SQL-standard
function bodies (`BEGIN ATOMIC … END`), which hold semicolons of their own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pglast import ast, get_postgresql_version, split
from pglast.enums import TransactionStmtKind as _Kind
from pglast.parser import ParseError

from consolidate import lexer, nesting
from consolidate.errors import InputProblem
from consolidate.findings import LEFT_OPEN
from consolidate.model import Finding, Refused, Severity, Statement, StatementId
from consolidate.parser import parse_sql
from consolidate.places import Places, SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.model import History, Migration

TOO_DEEP = (
    f"more than {nesting.DEEPEST} operators within each other, which is more than PostgreSQL takes"
)
_HINT = "Correct the file, or leave it out: an order file names the files to read."
_PLACEHOLDER = re.compile(r"\$\{[^}\n]*\}|\{\{[^}\n]*\}\}|\$%[^%\n]*%\$|@[A-Za-z_][A-Za-z0-9_]*@")
"""As Flyway, Go templates and home-made tools spell them."""
_VARIABLE_NEAR = re.compile(r'near ":+"')
_UNTERMINATED = re.compile(r"(unterminated .*?) at or near .*", re.DOTALL)
_NEAR_STRING = re.compile(
    r""" at or near "(?:(?:[eEnNxXbB]|[uU]&)?'|(?:[uU]&)?"|\$\w*\$).*""", re.DOTALL
)
_NEAR_ANY = re.compile(r' at or near "[^=].*', re.DOTALL)
_NEAR_PASSWORD = re.compile(r"\b(?:password|identified\s+by)\s*=?\s*\Z", re.IGNORECASE)
"""Behind these words a password stands, even where it lacks its quotes."""


def grammar() -> int:
    """The major version of PostgreSQL whose grammar the parser has."""
    return int(get_postgresql_version()[0])


def parse(migration: Migration) -> tuple[Statement, ...]:
    """The statements of one migration; their texts, joined, are the migration's text.

    Locations in a statement's tree are offsets into its `sql`.

    Raises:
        InputProblem: The text is not SQL, or has psql commands in it; with the places.
    """
    lines = Places(source_of(migration))
    prepared = lexer.prepare(migration.text)
    problems = tuple(f"{lines.place(flaw.at)}: {flaw.message}" for flaw in prepared.flaws)
    if not problems:
        try:
            pieces = split(prepared.sql)
        except ParseError as error:
            problems = (_syntax_error(error, migration.text, lines),)
        else:
            return tuple(_statements(migration, prepared, pieces, lines))
    raise _refused(migration, *problems)


def _refused(migration: Migration, *problems: str) -> InputProblem:
    return InputProblem(f"{migration.path} can not be parsed", problems=problems, hint=_HINT)


def parse_all(history: History) -> tuple[tuple[Statement, ...], ...]:
    """The statements of every migration, in apply order.

    Raises:
        InputProblem: Some can not be parsed; the errors of all of them are told at once.
    """
    parsed, refused = parse_each(history)
    if refused:
        raise InputProblem(
            f"{len(refused)} of {len(history.migrations)} migrations can not be parsed",
            problems=tuple(line for one in refused for line in one.problems),
            hint=_HINT,
        )
    return parsed


def parse_each(
    history: History,
) -> tuple[tuple[tuple[Statement, ...], ...], tuple[Refused, ...]]:
    """The statements of every migration that can be parsed, and the migrations that can not."""
    parsed = []
    refused = []
    for migration in history.migrations:
        try:
            parsed.append(parse(migration))
        except InputProblem as problem:
            refused.append(Refused(migration=migration, problems=problem.problems))
    return tuple(parsed), tuple(refused)


def never_committed(
    history: History, files: tuple[tuple[Statement, ...], ...]
) -> Iterator[Finding]:
    """What to say of transactions that their files begin and never end."""
    manner = history.manner
    for file in files:
        begun = left_open(file)
        if begun and begun.path not in manner.wrapped and not manner.keeps_session:
            yield Finding(
                code=LEFT_OPEN,
                severity=Severity.WARNING,
                message="the transaction that begins here is never committed: psql takes it back",
                span=begun.span,
                help="Add the COMMIT if it was committed by hand.",
            )


def left_open(file: Sequence[Statement]) -> Statement | None:
    """The BEGIN of a file's last transaction, if the file never ends that."""
    begun: Statement | None = None
    for statement in file:
        match statement.tree:
            case ast.TransactionStmt(kind=_Kind.TRANS_STMT_BEGIN | _Kind.TRANS_STMT_START):
                begun = begun or statement
            case ast.TransactionStmt(
                kind=_Kind.TRANS_STMT_COMMIT | _Kind.TRANS_STMT_ROLLBACK | _Kind.TRANS_STMT_PREPARE
            ):
                begun = None
            case _:
                pass
    return begun


def of_one_transaction(file: Sequence[Statement]) -> tuple[Statement, ...] | None:
    """The commands of a file that is one transaction, without the BEGIN and COMMIT around them.

    None: it begins or ends transactions in between.
    """
    commands = tuple(statement for statement in file if statement.kind)
    limits = [number for number, one in enumerate(commands) if _is_limit(one.tree)]
    if limits == [0, len(commands) - 1]:
        first, last = commands[0].tree, commands[-1].tree
        if _kind(first) in _BEGINNINGS and _kind(last) is _Kind.TRANS_STMT_COMMIT:
            return commands[1:-1]
    return None if limits else commands


_BEGINNINGS = frozenset({_Kind.TRANS_STMT_BEGIN, _Kind.TRANS_STMT_START})
_WITHIN = frozenset(
    {_Kind.TRANS_STMT_SAVEPOINT, _Kind.TRANS_STMT_RELEASE, _Kind.TRANS_STMT_ROLLBACK_TO}
)


def _is_limit(tree: ast.Node | None) -> bool:
    return isinstance(tree, ast.TransactionStmt) and _kind(tree) not in _WITHIN


def _kind(tree: ast.Node | None) -> _Kind | None:
    return tree.kind if isinstance(tree, ast.TransactionStmt) else None


def _statements(
    migration: Migration, prepared: lexer.Prepared, pieces: tuple[str, ...], lines: Places
) -> Iterator[Statement]:
    sql = prepared.sql
    done = 0
    for number, piece in enumerate(pieces, 1):
        # The parser gives no usable offset in a long text that is not ASCII (pglast takes
        # quadratic time to translate them), but its pieces begin at a token and follow each other.
        start = lexer.first_token(sql, done)
        if not sql.startswith(piece, start):
            raise AssertionError(f"{lines.place(start)}: the parser's {piece[:40]!r} is not here")
        semicolon = sql.find(";", start + len(piece))
        stop = semicolon if semicolon >= 0 else len(sql)
        copy = prepared.copies.get(semicolon)
        end = copy.close if copy else min(stop + 1, len(sql))
        command = sql[start : lexer.without_comments_behind(sql, start, stop)]
        if nesting.is_too_deep(command):
            raise _refused(migration, f"{lines.place(start)}: {TOO_DEEP}")
        tree = parse_sql(command)[0].stmt
        yield Statement(
            id=id_of(migration, number),
            path=migration.path,
            text=migration.text[done:end],
            sql=command,
            span=lines.span(start, start + len(command)),
            kind=type(tree).__name__,
            tree=tree,
            copy_data=migration.text[copy.start : copy.end] if copy else None,
        )
        done = end
    if done < len(sql):
        yield Statement(
            id=id_of(migration, len(pieces) + 1),
            path=migration.path,
            text=migration.text[done:],
            sql="",
            span=lines.span(done, len(sql)),
            kind="",
        )


def id_of(migration: Migration, number: int) -> StatementId:
    """What the statement of this number, from 1, is known by."""
    return StatementId(f"{migration.number:04}#{number}")


def source_of(migration: Migration) -> SourceText:
    """A migration's text, with where it stands."""
    return SourceText(path=migration.path, text=migration.text, origins=migration.origins)


def _syntax_error(error: ParseError, text: str, places: Places) -> str:
    message, offset = parser_said(error, text)
    return f"{places.place(offset)}: {message}"


def parser_said(error: ParseError, text: str) -> tuple[str, int]:
    """What the parser says of a text, and at which offset of it.

    A string that it stops at is not shown: it may be a password.
    """
    said, offset = error.args
    message = _UNTERMINATED.sub(r"\1", said)  # all that follows is quoted behind it
    if offset is None:  # the parser met the end of the text
        offset = len(text.rstrip())
    if _VARIABLE_NEAR.search(message):
        named = next(lexer.tokens(text, offset), None)
        name = text[offset : named.end] if named and named.kind == "variable" else ":"
        message += f" ({name} is no variable that is set; configure a placeholder for it)"
    elif placeholder := _PLACEHOLDER.match(text, offset):
        message += f" ({placeholder[0]} is for the project's own tooling to fill in; give its value"
        message += " under `legacy: {placeholders: …}`)"
    elif text.startswith("\ufeff", offset):
        message = "a byte order mark inside the file"
    message = _NEAR_STRING.sub(" at or near a string or a quoted name", message)
    if _NEAR_PASSWORD.search(text, max(0, offset - 40), offset):
        message = _NEAR_ANY.sub(" at or near what may be a password", message)
    return message, offset
