"""Small histories, one thing each, of which every rollback is taken by itself.

A YAML file holds a family of cases. A family is one consolidation, and each case has a file of its
own in it, so that the state between two files says which rollback is to blame.

    name      what is taken back
    before    what the platform brought
    history   what the history does
    irreversible  what is said of it, where nothing takes it back
    lost      what is said of rows that only the platform of others has, a line each
    spare     a statement of its rollback that another one would do along
    back      what its rollback says, among others
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from ruamel.yaml import YAML

from consolidate import layout, names, pipeline, rowguard, statements
from consolidate.catalog import compare, facts
from consolidate.model import Migration
from consolidate.replay import execute
from tests.engines import consolidated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.model import Snapshot
    from consolidate.pipeline import Consolidated
    from consolidate.servers.interface import Cluster

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One entry of a YAML file."""

    family: str
    name: str
    before: str = ""
    history: str
    irreversible: str = ""
    lost: str = ""
    spare: str = ""
    back: str = ""

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"

    @property
    def slug(self) -> str:
        return names.slug(self.name)


def _cases() -> Iterator[Case]:
    for file in sorted(_HERE.glob("*.yaml")):
        for entry in YAML(typ="safe").load(file.read_text(encoding="utf-8")):
            yield Case(family=file.stem, **entry)


CASES = tuple(_cases())
FAMILIES = tuple(dict.fromkeys(case.family for case in CASES))


def family(name: str) -> tuple[Case, ...]:
    return tuple(case for case in CASES if case.family == name)


def built(cases: Sequence[Case], project: Path, server: str) -> Consolidated:
    """The cases consolidated, each into a file of its own."""
    legacy = project / "legacy"
    legacy.mkdir()
    (project / "prelude.sql").write_text("\n".join(case.before for case in cases), encoding="utf-8")
    groups = []
    for number, case in enumerate(cases, 1):
        file = f"{number:03}_{case.slug}.sql"
        (legacy / file).write_text(case.history, encoding="utf-8")
        groups.append({"name": case.slug, "phase": "00_all", "files": [file]})
    mapping = {"platform": "prelude.sql", "servers": [server], "phases": ["00_all"]}
    path = project / "mappings.yaml"
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe").dump({"legacy": "legacy", **mapping, "groups": groups}, stream)
    job = pipeline.screened(pipeline.prepare(pipeline.Request(config=path)), lambda _: None)
    return consolidated(job)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a rollback."""

    differences: tuple[str, ...]
    """Between the database before the file and after its rollback."""
    idle: tuple[str, ...]
    """Its statements without which it would have led to the same."""


@dataclass(frozen=True, slots=True)
class State:
    """A database between two files."""

    catalog: Snapshot
    cells: Mapping[str, Sequence[object]]


class Database:
    """A platform's empty database, to which the files of an output are applied."""

    def __init__(self, done: Consolidated, connection: psycopg.Connection) -> None:
        self._tree = done.tree
        self._asked = 0
        self.connection = connection
        self.files = layout.in_order(done.tree)

    def apply(self, path: str) -> None:
        """A file, as `psql -1` applies it."""
        execute(self.connection, self._tree[path])
        execute(self.connection, "DISCARD ALL")

    def text(self, path: str) -> str:
        return self._tree[path]

    def cells(self) -> Mapping[str, Sequence[object]]:
        """Every row and every sequence's position, inside of an open transaction, too."""
        return _cells(self.connection)

    def catalog_within(self) -> Snapshot:
        """The catalogs as an open transaction sees them."""
        return facts.read_within(self.connection)

    def up(self) -> list[State]:
        """All files; the states before each of them."""
        states = []
        for path in self.files:
            states.append(self.state())
            self.apply(path)
        return states

    def state(self) -> State:
        return State(facts.read(self.connection), _cells(self.connection))

    def taken_back(self, path: str, wanted: State) -> Taken:
        """What the rollback of a file leaves, and which of its statements are idle."""
        back = layout.rollback_of(path)
        idle = tuple(self._idle(self._tree[back], wanted))
        self.apply(back)
        return Taken(self.left(wanted), idle)

    def left(self, wanted: State) -> tuple[str, ...]:
        """How the database differs from an earlier state."""
        now = self.state()
        found = [*map(str, compare.compare(wanted.catalog, now.catalog))]
        found += [
            f"rows of {name}"
            for name in sorted({*now.cells, *wanted.cells})
            if now.cells.get(name) != wanted.cells.get(name)
        ]
        return tuple(found)

    def _idle(self, text: str, wanted: State) -> Iterator[str]:
        """Leaves one statement out, of every third file, for each costs a look at all facts."""
        migration = Migration(number=1, path="", version="", text=text, sha256="")
        parsed = statements.parse(migration)
        asked = [one for one in parsed if one.sql and not _keeps_watch(one.sql)]
        self._asked += 1
        if not asked or self._asked % 3:
            return
        missing = asked[self._asked // 3 % len(asked)]
        execute(self.connection, "BEGIN")
        try:
            for one in parsed:
                if one is not missing:
                    execute(self.connection, one.sql)
            same = facts.read_within(self.connection) == wanted.catalog
            if same and _cells(self.connection) == wanted.cells:
                yield missing.sql
        except psycopg.Error:
            pass  # told by the server, and so not idle
        finally:
            execute(self.connection, "ROLLBACK")


@dataclass(frozen=True, slots=True)
class Filled:
    """A database to which everything was applied."""

    database: Database
    cluster: Cluster
    states: tuple[State, ...]

    @contextlib.contextmanager
    def down_to(self, name: str) -> Iterator[str]:
        """The rollback of a file, in a transaction where all later ones are taken back."""
        with self.database.connection.transaction(force_rollback=True):
            for path in reversed(self.database.files):
                back = self.database.text(layout.rollback_of(path))
                if path.endswith(f"_{name}.sql"):
                    yield back
                    return
                self.say(back)

    def say(self, text: str) -> None:
        execute(self.database.connection, text)

    def ask(self, query: str) -> list[tuple[object, ...]]:
        return self.database.connection.execute(query.encode()).fetchall()


def _keeps_watch(sql: str) -> bool:
    """Whether a statement is there for the rows of others, of which a case has none."""
    return rowguard.is_guard(sql) or sql.startswith(("SET ", "RESET "))


_FILLED = """
SELECT c.oid::regclass::text, c.relkind = 'S' FROM pg_class AS c
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm', 'S') AND c.relnamespace <> 'pg_toast'::regnamespace
"""


def _cells(connection: psycopg.Connection) -> Mapping[str, Sequence[object]]:
    """Every row and every sequence's position, inside of an open transaction, too."""
    found = {}
    for relation, is_sequence in connection.execute(_FILLED).fetchall():
        cells = "last_value, is_called" if is_sequence else "t::text"
        query = f"SELECT {cells} FROM ONLY {relation} AS t ORDER BY 1"
        with contextlib.suppress(psycopg.errors.ObjectNotInPrerequisiteState):  # not populated
            found[relation] = connection.execute(query.encode()).fetchall()
    return found
