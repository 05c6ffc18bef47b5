"""The cases of the hazards: the fields of the YAML files beside this module, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from consolidate import effects, graph, partial, psql, statements
from consolidate.audit import audit
from consolidate.audit.subject import Subject
from consolidate.config import Auditing
from consolidate.findings import (
    NAME_UNCONVENTIONAL,
    NO_STATEMENT,
    NO_WAY_BACK,
    ROWS_AMONG_DDL,
)
from consolidate.model import History, Manner, Migration, Runner
from consolidate.places import SourceText
from consolidate.psql.refusal import Refusal

if TYPE_CHECKING:
    from typing import NoReturn

    from consolidate.effects import Effect
    from consolidate.graph import DependencyGraph
    from consolidate.model import Finding, Statement

HERE = Path(__file__).parent
CATALOGUE = HERE / "catalogue.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One statement of a history with what is expected of it; None where nothing is said."""

    sql: str
    effects: list[str] | None = None
    """All that it is understood to do, but what it needs; spelled as in `spelling`."""
    needs: list[str] | None = None
    findings: list[str] = field(default_factory=list)
    """The codes of all that an audit finds about it."""
    traced: list[str] | None = None
    """All that a server saw it do."""
    traced_has: list[str] | None = None
    """Some of what a server saw, where that is too much to tell."""
    session: str | None = None
    """The role and the search path under which the server ran it."""
    refused: str | None = None
    """The SQLSTATE with which the server refuses it, and with it the history."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A short history in which hazards lie."""

    name: str
    hazards: list[str]
    """By their numbers in the catalogue."""
    files: list[list[Step]]
    before: str = ""
    """What the platform has: it is there before the history, and no part of it."""
    wrapped: bool = False
    """Whether the runner puts each file into a transaction."""
    edges: dict[str, list[str]] = field(default_factory=dict)
    """All that these objects depend on at the end; one that is gone is `table public.t #1`."""
    cycles: list[str] = field(default_factory=list)
    external: list[str] | None = None
    """All that the history uses and never makes."""
    wrong: dict[str, str] = field(default_factory=dict)
    """Where this is not so yet, `static` or `traced`, and why."""

    def __str__(self) -> str:
        return self.name

    @property
    def steps(self) -> list[Step]:
        """The statements with what is expected of them, in order."""
        return [step for file in self.files for step in file]

    @property
    def refused(self) -> tuple[Statement, str] | None:
        """The statement that the server refuses, and the SQLSTATE."""
        pairs = zip(self.statements, self.steps, strict=True)
        return next(((found, step.refused) for found, step in pairs if step.refused), None)

    @property
    def audited(self) -> tuple[Finding, ...]:
        """What an audit says of the statements."""
        migrations = tuple(_migration(n, text) for n, text in enumerate(self._texts, 1))
        history = History(runner=Runner.PLAIN, migrations=migrations)
        files = partial.reads(history, self.parsed)
        subject = Subject(runner=Runner.PLAIN, files=files, prelude=self.before)
        return audit(subject, Auditing(ignore=_ABOUT_FILES)).findings

    @property
    def _texts(self) -> list[str]:
        return ["".join(_terminated(step.sql) for step in file) for file in self.files]

    @property
    def prelude(self) -> tuple[Statement, ...]:
        """What builds the platform's objects."""
        return statements.parse(_migration(0, self.before)) if self.before else ()

    @cached_property
    def parsed(self) -> tuple[tuple[Statement, ...], ...]:
        """The statements of each file."""
        parsed = [statements.parse(_migration(n, text)) for n, text in enumerate(self._texts, 1)]
        return tuple(tuple(s for s in file if s.sql) for file in parsed)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """One for each step."""
        return tuple(statement for file in self.parsed for statement in file)

    @property
    def manner(self) -> Manner:
        """How the runner applies the files."""
        paths = (file[0].path for file in self.parsed if self.wrapped)
        return Manner(wrapped=frozenset(paths))

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """One for each step."""
        return effects.run(self.statements, before=self.prelude, manner=self.manner)

    @cached_property
    def graph(self) -> DependencyGraph:
        """Of the whole history."""
        return graph.build(self.effects)


def read() -> list[Case]:
    """All cases, by file and then as they stand there."""
    paths = sorted(path for path in HERE.glob("*.yaml") if path != CATALOGUE)
    return [_case(entry) for path in paths for entry in YAML(typ="safe").load(path)]


def catalogue() -> dict[str, str]:
    """Every hazard with its name."""
    found: dict[str, str] = YAML(typ="safe").load(CATALOGUE)
    return found


def _case(entry: dict[str, Any]) -> Case:
    files: list[list[Step]] = [[]]
    for step in entry.pop("history"):
        if step == NEXT_FILE:
            files.append([])
        else:
            files[-1].append(Step(sql=step) if isinstance(step, str) else Step(**step))
    return Case(files=files, **entry)


_ABOUT_FILES = (NAME_UNCONVENTIONAL, NO_WAY_BACK, ROWS_AMONG_DDL, NO_STATEMENT)
"""What an audit says of files, as which a case is of no account."""

NEXT_FILE = "-- next file"
"""The entry of a history that stands between two files."""


def _terminated(sql: str) -> str:
    """A text that ends with a line of its own, as the rows of COPY do, is left alone."""
    return sql if sql.endswith("\n") else f"{sql};\n"


def _migration(number: int, text: str) -> Migration:
    path = f"{number}.sql"
    sent = psql.expand(SourceText(path=path, text=text), _NoFiles()).source.text
    return Migration(number=number, path=path, version="", text=sent, sha256="")


class _NoFiles:
    """psql finds no file: a case is a text."""

    def script(self, name: str, asked_by: str, *, beside: bool) -> NoReturn:
        where = "beside it" if beside else "there"
        raise Refusal(f"{name}, which {asked_by} includes, is not {where}")

    def rows(self, name: str, asked_by: str) -> NoReturn:
        raise Refusal(f"{name}, which {asked_by} copies, is not there")
