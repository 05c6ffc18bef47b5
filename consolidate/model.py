"""The values that every part of the program speaks in; it imports nothing of ours but the runners.

All of them are frozen. Collections are tuples or frozensets, so that a value can be compared,
hashed and rendered the same way twice.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, NewType

from consolidate.runner import Runner as Runner  # noqa: PLC0414, TC001 - a history has one

if TYPE_CHECKING:
    from collections.abc import KeysView, Mapping

    from pglast import ast

StatementId = NewType("StatementId", str)
"""`0042#3`: the third statement of the 42nd migration, both counted from 1 in apply order."""


class ObjectId(NamedTuple):
    """The name of one database object, spelled as `pg_identify_object()` spells it.

    PostgreSQL's own spelling never depends on the search_path and covers every kind of object,
    so the catalog, the dump and the trace agree on it without a translation of ours.

    A tuple, since no other value is hashed and compared so often.
    """

    kind: str
    """`table`, `function`, `policy`, `table constraint`, `role`, …"""
    identity: str
    """`public.keys`, `public.f(integer)`, `keys_pkey on public.keys`, …"""

    def __str__(self) -> str:
        return f"{self.kind} {self.identity}"


@dataclass(frozen=True, slots=True, order=True)
class SourceSpan:
    """A place in a legacy file. Offsets count characters of the migration's text."""

    path: str
    """Relative to the legacy folder, with `/`."""
    start: int
    end: int
    line: int
    """Of `start`, from 1."""
    column: int
    """Of `start`, from 1."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a run of a migration's text stands: in its own file, or in one that it includes."""

    start: int
    """Offset in the migration's text; the run ends where the next one starts."""
    path: str
    line: int
    column: int
    filled: bool = False
    """Whether the run stands in for something, such as a variable: all of it has that place."""


class PsqlArgument(NamedTuple):
    r"""What a file tells a command of psql, of which nothing else is left in the text."""

    variable: str
    r"""What `\set` and `\setenv` give a value to; empty for all others."""
    value: str
    r"""That value; for all others what stands behind the command."""
    place: SourceSpan
    """Of the command; in the migration's text it is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One legacy file (or its up part), applied as a unit."""

    number: int
    """Position in apply order, from 1."""
    path: str
    """Relative to the legacy folder, with `/`."""
    version: str
    """What the runner sorts by; the empty string where it sorts by path."""
    text: str
    """Decoded, placeholders filled in, psql's commands carried out, line ends as found, without a
    byte order mark. What the runner does not apply, such as a down part in it, is blank."""
    origins: tuple[Origin, ...] = ()
    """Where the text's characters stand; empty if `text` is that of the file at `path`."""
    sha256: str
    """Of the file's bytes, and of those that it includes, in hexadecimal."""
    transactional: bool = True
    """Whether the runner wraps the file in one transaction."""
    down: Down | None = None
    """What the authors wrote to take it back; it is never applied."""
    psql_arguments: tuple[PsqlArgument, ...] = ()
    """What it tells commands of psql, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Down:
    """The part of a migration that takes it back."""

    path: str
    """Relative to the legacy folder, with `/`; the migration's own if one file holds both."""
    text: str
    """As of a migration: what is not the down part is blank."""
    origins: tuple[Origin, ...] = ()
    """As of a migration."""
    commented: bool = False
    """Whether it stands in a comment, for somebody to take out of it by hand."""
    problems: tuple[str, ...] = ()
    """Why it can not be read; each begins with its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a runner applies its files."""

    wrapped: frozenset[str] = frozenset()
    """Paths of the files that it puts into one transaction each."""
    keeps_session: bool = False
    """Whether one session applies all files, so that a SET outlives its file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A legacy file that can not be read or parsed."""

    migration: Migration
    """As far as it can be read."""
    problems: tuple[str, ...]
    """Each begins with its place."""

    @property
    def path(self) -> str:
        """Relative to the legacy folder, with `/`."""
        return self.migration.path


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A legacy file that has no effect, neither in the history nor in the output."""

    path: str
    """Relative to the legacy folder, with `/`."""
    reason: str
    """Why, in one line; the same for all files of one root cause."""
    sha256: str = ""
    """Of its bytes, in hexadecimal."""
    text: str = ""
    """Its bytes, those that are not UTF-8 as lone surrogates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The legacy migrations in the order in which the runner applies them."""

    runner: Runner
    migrations: tuple[Migration, ...]
    findings: tuple[Finding, ...] = ()
    refused: tuple[Refused, ...] = ()
    """Files that are not among the migrations because they can not be read."""
    recognised: str = ""
    """What in the folder told the runner; empty if it was said."""
    keeps_session: bool = False
    """Whether the runner applies all files in one session."""
    bookkeeping: str = ""
    """What makes the runner's own table, where the migrations speak of it; empty if they do not."""
    server_major: int | None = None
    """The major version of PostgreSQL that the project says it runs on."""
    stops: tuple[Finding, ...] = ()
    """What its runner would stop on before it applies anything; each has its place."""

    @property
    def manner(self) -> Manner:
        """How its runner applies these files."""
        return Manner(
            wrapped=frozenset(m.path for m in self.migrations if m.transactional),
            keeps_session=self.keeps_session,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One SQL command with the comments and blank space before it.

    The texts of a migration's statements, in order, are the migration's text: no byte is lost.
    """

    id: StatementId
    path: str
    """Of the migration; `span` has that of an included file that the statement stands in."""
    text: str
    """Everything from the end of the previous statement to this one's semicolon, included."""
    sql: str
    """The command alone: from its first token to its last, without the semicolon; empty for the
    blank or commented rest of a file."""
    span: SourceSpan
    """Where `sql` stands (where `text` stands, if `sql` is empty)."""
    kind: str
    """pglast's class of the statement node, such as `CreateStmt`; empty if `sql` is."""
    tree: ast.Node | None = field(compare=False, repr=False, default=None)
    copy_data: str | None = None
    """The data lines of `COPY … FROM stdin`, without the `\\.` line."""

    @property
    def place(self) -> str:
        """`file:line`, as reports print it."""
        return f"{self.span.path}:{self.span.line}"


class Severity(StrEnum):
    """How much a finding matters to whoever merges the result."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing worth telling, as data; terminals, JSON and pages are views of it."""

    code: str
    """Stable, such as `CON201`; listed in `findings/`."""
    severity: Severity
    message: str
    span: SourceSpan | None = None
    help: str | None = None


class Fact(NamedTuple):
    """One attribute of one object in a database's catalog, as text; a tuple, as its object is."""

    object: ObjectId
    attribute: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The catalog of one database (and its cluster's roles) as a set of flat facts."""

    major: int
    """PostgreSQL's major version; snapshots of different majors are never compared."""
    facts: frozenset[Fact]

    def of(self, wanted: ObjectId) -> Mapping[str, str]:
        """The attributes of one object."""
        return self._described.get(wanted, {})

    @property
    def objects(self) -> KeysView[ObjectId]:
        """Every object that has a fact."""
        return self._described.keys()

    @cached_property
    def _described(self) -> Mapping[ObjectId, Mapping[str, str]]:
        described: dict[ObjectId, dict[str, str]] = defaultdict(dict)
        for fact in self.facts:
            described[fact.object][fact.attribute] = fact.value
        return dict(described)


class DifferenceKind(StrEnum):
    """Which way two databases differ; left is the truth, right is what was built."""

    MISSING = "missing"
    EXTRA = "extra"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One attribute of one object (or one row) that two databases do not share."""

    kind: DifferenceKind
    object: ObjectId
    attribute: str
    """Empty where the whole object is missing or extra."""
    left: str | None
    right: str | None

    def __str__(self) -> str:
        where = f"{self.object}" + (f" · {self.attribute}" if self.attribute else "")
        match self.kind:
            case DifferenceKind.MISSING:
                return f"missing  {where}" + (f": {self.left}" if self.left else "")
            case DifferenceKind.EXTRA:
                return f"extra    {where}" + (f": {self.right}" if self.right else "")
            case DifferenceKind.CHANGED:
                return f"changed  {where}: {self.left} → {self.right}"


class CheckStatus(StrEnum):
    """How one line of the verdict ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One witness's answer."""

    name: str
    status: CheckStatus
    reason: str
    """What was compared, or why it failed or was skipped; never empty."""
    differences: tuple[Difference, ...] = ()
    """What it saw, where it failed."""
