"""What is asked about two databases: our witnesses, and migra, which is not ours."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

import psycopg

from consolidate.catalog import dump, facts, projection, rows
from consolidate.catalog.compare import compare
from consolidate.model import Difference
from tests.mutations.court import rows_of

if TYPE_CHECKING:
    from consolidate.catalog.projection import Projection
    from consolidate.model import Snapshot
    from consolidate.servers.interface import Cluster

MIGRA: Final = Path(".work/migra/bin/python")
"""The Python that has migra; `make mutations` installs it there."""

_WORKER: Final = Path(__file__).with_name("migra_worker.py")

_Compare: TypeAlias = Callable[[Any, Any], Sequence[Difference]]


@dataclass(frozen=True, slots=True)
class Witness:
    """One of ours: how it reads a database, and how it tells two readings apart."""

    name: str
    read: Callable[[Cluster, str], Any]
    compare: _Compare


def _facts(cluster: Cluster, database: str) -> Snapshot:
    with psycopg.connect(cluster.dsn(database), autocommit=True) as connection:
        return facts.read(connection)


def _projection(cluster: Cluster, database: str) -> Projection:
    with psycopg.connect(cluster.dsn(database), autocommit=True) as connection:
        return projection.read(connection)


def _rows(cluster: Cluster, database: str) -> rows.MarkedRows:
    with psycopg.connect(cluster.dsn(database), autocommit=True) as connection:
        return rows_of(connection)


OURS: Final = (
    Witness("facts", _facts, compare),
    Witness("projection", _projection, projection.compare),
    Witness("dump", dump.schema_dump, dump.compare),
    Witness("rows", _rows, rows.compare),
)
"""In the order of the table. Their verdict is that databases differ if any of them says so."""


class Migra:
    """A process that answers about pairs of databases, for as long as the context lasts."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [MIGRA, _WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def answer(self, left: str, right: str) -> str:
        """`seen`, `missed` or `crash`, of two connection strings."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([left, right]) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()
