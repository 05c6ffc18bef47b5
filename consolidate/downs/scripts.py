"""The down scripts of a history, as they can be tried: in one transaction, which is rolled back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import findings, lexer, partial, statements
from consolidate.errors import InputProblem
from consolidate.model import Finding, Migration, Severity, SourceSpan
from consolidate.places import Places, SourceText
from consolidate.replay import runs_outside_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.model import Down, History, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What takes one migration back."""

    migration: str
    """The path of the migration."""
    place: SourceSpan
    """Where it begins."""
    commented: bool = False
    """Whether it stands in a comment."""
    commands: tuple[Statement, ...] = ()
    """What it does, without the BEGIN and COMMIT around it, and without CONCURRENTLY."""
    problems: tuple[str, ...] = ()
    """Why it can not be read or parsed; each begins with its place."""
    untried: str = ""
    """Why it can not be tried in one transaction; empty if it can."""


def read(history: History) -> tuple[Script, ...]:
    """The down scripts of those migrations that have one, in apply order."""
    return tuple(
        _script(migration, migration.down) for migration in history.migrations if migration.down
    )


def unreadable(scripts: Sequence[Script]) -> Iterator[Finding]:
    """What to say of those that are no SQL, at the place of each thing that is wrong."""
    for script in scripts:
        for problem in script.problems:
            wrong = partial.placed(script.place.path, problem)
            yield Finding(
                code=findings.DOWN_NOT_READ,
                severity=Severity.WARNING,
                message=f"what takes {script.migration} back can not be read: {wrong.message}",
                span=wrong.place,
                help="It was never applied by its runner as it stands; nothing here needs it.",
            )


def _script(migration: Migration, down: Down) -> Script:
    source = Migration(
        number=migration.number,
        path=down.path,
        version=migration.version,
        text=down.text,
        origins=down.origins,
        sha256="",
    )
    script = Script(
        migration=migration.path,
        place=_beginning(down),
        commented=down.commented,
        problems=down.problems,
    )
    if script.problems:
        return script
    try:
        commands = statements.of_one_transaction(statements.parse(source))
        if commands is None:
            return replace(script, untried="it begins and ends transactions of its own")
        commands = tuple(map(_at_once, commands))
    except InputProblem as problem:
        return replace(script, problems=problem.problems)
    alone = next((one for one in commands if runs_outside_transaction(one)), None)
    untried = f"{alone.place} can not run in a transaction" if alone else ""
    return replace(script, commands=commands, untried=untried)


def _beginning(down: Down) -> SourceSpan:
    """Where its first command stands, or the beginning of its file if it has none."""
    start = lexer.first_token(down.text, 0)
    if start >= len(down.text):
        return SourceSpan(down.path, 0, 0, 1, 1)
    source = SourceText(path=down.path, text=down.text, origins=down.origins)
    return Places(source).span(start, start)


def _at_once(command: Statement) -> Statement:
    """A command without its CONCURRENTLY, as a transaction takes it; it leaves the same."""
    words = (token for token in lexer.tokens(command.sql) if token.kind == "word")
    found = (t for t in words if command.sql[t.start : t.end].lower() == "concurrently")
    word = next(found, None) if runs_outside_transaction(command) else None
    if word is None:
        return command
    sql = command.sql[: word.start] + " " * (word.end - word.start) + command.sql[word.end :]
    (plain,) = statements.parse(
        Migration(number=0, path=command.path, version="", text=sql, sha256="")
    )
    return replace(command, sql=sql, tree=plain.tree)
