"""Cuts a migration's text into its SQL commands without losing a character of it.

Where a command ends is PostgreSQL's parser's decision: no other reader is right about SQL-standard
function bodies (`BEGIN ATOMIC … END`), which hold semicolons of their own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pglast import ast, get_postgresql_version, split
from pglast.enums import TransactionStmtKind as _Kind
from pglast.parser import ParseError

from consolidate import lexer, nesting
from consolidate.errors import InputProblem
from consolidate.findings import LEFT_OPEN
from consolidate.model import Finding, Refused, Severity, SourceSpan, Statement, StatementId
from consolidate.parser import parse_sql
from consolidate.places import Places, SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.model import History, Migration

_TOO_DEEP = (
    f"more than {nesting.DEEPEST} operators within each other, which is more than PostgreSQL takes"
)
_HINT = "Correct the file, or leave it out: an order file names the files to read."
_PLACEHOLDER = re.compile(r"\$\{[^}\n]*\}|\{\{[^}\n]*\}\}|\$%[^%\n]*%\$|@[A-Za-z_][A-Za-z0-9_]*@")
"""As Flyway, Go templates and home-made tools spell them."""
_ATOMIC = re.compile(r"\bbegin\s+atomic\b", re.IGNORECASE)
_VARIABLE_NEAR = re.compile(r'near ":+"')


class Wrong(NamedTuple):
    """Something that the parser does not take, and where."""

    place: SourceSpan
    message: str


def grammar() -> int:
    """The major version of PostgreSQL whose grammar the parser has."""
    return int(get_postgresql_version()[0])


def parse(migration: Migration) -> tuple[Statement, ...]:
    """The statements of one migration; their texts, joined, are the migration's text.

    Locations in a statement's tree are offsets into its `sql`.

    Raises:
        InputProblem: The text is not SQL, or has psql commands in it; with the places.
    """
    lines = Places(_source(migration))
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
            refused.append(
                Refused(path=migration.path, problems=problem.problems, text=migration.text)
            )
    return tuple(parsed), tuple(refused)


def parse_in_part(migration: Migration) -> tuple[tuple[Statement, ...], tuple[Wrong, ...]]:
    """What can be told apart of a migration that can not be parsed, and all that is wrong with it.

    Where its statements end is a guess: at each semicolon outside of strings and comments that
    leaves something the parser takes. What it takes in no way has no tree and no kind.
    """
    source = _source(migration)
    lines = Places(source)
    prepared = lexer.prepare(migration.text)
    sql = prepared.sql.replace("\0", " ")  # the parser would take it for the end
    wrong = [Wrong(lines.span(flaw.at, flaw.at), flaw.message) for flaw in prepared.flaws]
    for flaw in prepared.flaws:
        sql = _without_rest_of_line(sql, flaw.at)
    found: list[Statement] = []
    done, limits = 0, [token.start for token in lexer.tokens(sql) if token.kind == "semicolon"]
    for number, limit in enumerate((*limits, len(sql))):
        start = lexer.first_token(sql, done)
        if start >= limit:
            continue
        command = sql[start : lexer.without_comments_behind(sql, start, limit)]
        too_deep = nesting.is_too_deep(command)
        tree, error = (None, None) if too_deep else _parsed(command)
        if too_deep:
            wrong.append(Wrong(lines.span(start, start), _TOO_DEEP))
        if error is not None and number < len(limits) and _is_within_body(command):
            continue
        if error is not None:
            message, offset = _told(error, command)
            at = start + offset
            wrong.append(Wrong(lines.span(at, at), message))
        copy = prepared.copies.get(limit)
        end = copy.close if copy else min(limit + 1, len(sql))
        found.append(
            Statement(
                id=_id(migration, len(found) + 1),
                path=migration.path,
                text=migration.text[done:end],
                sql=command,
                span=lines.span(start, start + len(command)),
                kind=type(tree).__name__ if tree is not None else "",
                tree=tree,
                copy_data=migration.text[copy.start : copy.end] if copy else None,
            )
        )
        done = end
    return tuple(found), tuple(sorted(wrong))


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
            raise _refused(migration, f"{lines.place(start)}: {_TOO_DEEP}")
        tree = parse_sql(command)[0].stmt
        yield Statement(
            id=_id(migration, number),
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
            id=_id(migration, len(pieces) + 1),
            path=migration.path,
            text=migration.text[done:],
            sql="",
            span=lines.span(done, len(sql)),
            kind="",
        )


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


def _id(migration: Migration, number: int) -> StatementId:
    return StatementId(f"{migration.number:04}#{number}")


def _source(migration: Migration) -> SourceText:
    return SourceText(path=migration.path, text=migration.text, origins=migration.origins)


def _syntax_error(error: ParseError, text: str, places: Places) -> str:
    message, offset = _told(error, text)
    return f"{places.place(offset)}: {message}"


def _told(error: ParseError, text: str) -> tuple[str, int]:
    """What the parser says of a text, and where."""
    said, offset = error.args
    first, newline, _ = said.partition("\n")
    message = f'{first.rstrip()} …"' if newline else said  # of what is unterminated, all is quoted
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
    return message, offset
