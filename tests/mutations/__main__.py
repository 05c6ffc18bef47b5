"""Shows which witness sees which difference: `make mutations`.

Each mutation is committed to one of two equal databases. Fails if one is seen by none of ours, or
if facts and rows alone do not see enough of them under their names.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import psycopg

from consolidate.catalog import facts
from consolidate.servers import open_server
from tests.mutations.cases import CLUSTER, SETUP, load
from tests.mutations.court import has, place, prepared
from tests.mutations.witnesses import MIGRA, OURS, Migra

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consolidate.model import Snapshot
    from consolidate.servers.interface import Cluster, Server
    from tests.mutations.cases import Mutation

SERVERS: Final = ("local://15", "embedded://18")
_ENOUGH: Final = 195 / 200
"""What facts and rows have to see without any other witness."""

_SEEN, _MISSED, _ELSEWHERE, _REFUSED = "seen", "missed", "misnamed", "refused"

_PAIR: Final = ("before", "after")
"""Two equal databases, of which the second is changed."""

_BEYOND_MIGRA: Final = "DROP TABLE IF EXISTS public.child"
"""What migra does not survive in any database: a table with two parents."""


@dataclass(frozen=True, slots=True)
class Line:
    """What each witness says about one mutation."""

    mutation: Mutation
    told: Mapping[str, str]

    @property
    def verdict(self) -> str:
        """That of all our witnesses together, else of the one that should have seen it."""
        ours = [self.told[witness.name] for witness in OURS]
        return _SEEN if _SEEN in ours else self.told[self.mutation.witness]

    @property
    def is_named(self) -> bool:
        """Whether facts or rows see it, whichever has to, under its name."""
        return self.told[self.mutation.witness] == _SEEN


class Stand:
    """A cluster with a database `base` that no one is connected to, for copies of it."""

    def __init__(self, cluster: Cluster, main: psycopg.Connection) -> None:
        self._cluster, self._main = cluster, main
        for statement in CLUSTER:
            main.execute(statement.encode())
        main.execute("CREATE DATABASE base TEMPLATE template0")
        with psycopg.connect(cluster.dsn("base"), autocommit=True) as base:
            base.execute(SETUP.encode())
        self._as_new = self._outside()
        self._base = {w.name: w.read(cluster, "base") for w in OURS}

    def _outside(self) -> Snapshot:
        """What all databases of the cluster share, and one that no mutation is made to."""
        return facts.read(self._main)

    @property
    def is_as_new(self) -> bool:
        """Whether mutations left nothing behind."""
        names = {name for (name,) in self._main.execute("SELECT datname FROM pg_database")}
        return not names.intersection(_PAIR) and self._outside() == self._as_new

    def has(self, mutation: Mutation) -> bool:
        """Whether the server can do what is to be changed."""
        return has(self._main, mutation)

    def line(self, mutation: Mutation, migra: Migra | None) -> Line:
        """Makes two equal databases, changes one, and asks everybody."""
        for name in _PAIR:
            self._main.execute(f"CREATE DATABASE {name} TEMPLATE base STRATEGY file_copy".encode())
        try:
            told = self._told(mutation, migra)
        except psycopg.Error as problem:
            sys.stderr.write(f"{mutation.name}: {problem}\n")
            told = dict.fromkeys((witness.name for witness in OURS), _REFUSED)
        with contextlib.suppress(psycopg.Error):  # a subscription may hold it
            for name in _PAIR:
                self._main.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        return Line(mutation, told)

    def _told(self, mutation: Mutation, migra: Migra | None) -> dict[str, str]:
        with self._open("before") as left, self._open("after") as right:
            prepared(left, mutation)
            prepared(right, mutation)
            # what is changed for the whole cluster is changed for the left one, too
            before = self._read("before") if mutation.setup else self._base
            right.execute(mutation.change.encode())
        told = dict(_told(mutation, before, self._read("after"), self._cluster.major))
        if migra:
            told["migra"] = self._ask(migra)
        return told

    def _open(self, name: str) -> psycopg.Connection:
        return psycopg.connect(self._cluster.dsn(name), autocommit=True)

    def _read(self, name: str) -> dict[str, Any]:
        return {witness.name: witness.read(self._cluster, name) for witness in OURS}

    def _ask(self, migra: Migra) -> str:
        """Where migra crashes, it is asked again without what it does not survive anyway."""
        pair = self._cluster.dsn("before"), self._cluster.dsn("after")
        answer = migra.answer(*pair)
        if answer != "crash":
            return answer
        with contextlib.suppress(psycopg.Error):
            for name in _PAIR:
                with self._open(name) as connection:
                    connection.execute(_BEYOND_MIGRA)
        return migra.answer(*pair)


def _told(
    mutation: Mutation, before: Mapping[str, Any], after: Mapping[str, Any], major: int
) -> Iterator[tuple[str, str]]:
    for witness in OURS:
        found = witness.compare(before[witness.name], after[witness.name])
        if not found:
            told = _MISSED
        elif witness.name == mutation.witness and mutation.place(major) not in map(place, found):
            told = _ELSEWHERE
        else:
            told = _SEEN
        yield witness.name, told


def lines(server: Server, mutations: Sequence[Mutation]) -> Iterator[Line]:
    """A line for each mutation that the server can be shown; a spoilt cluster is thrown away."""
    rest = list(mutations)
    with contextlib.ExitStack() as stack:
        migra = stack.enter_context(Migra()) if MIGRA.exists() else None
        while rest:
            with (
                server.cluster() as cluster,
                psycopg.connect(cluster.dsn(), autocommit=True) as main,
            ):
                stand = Stand(cluster, main)
                while rest and stand.is_as_new:
                    mutation = rest.pop(0)
                    if stand.has(mutation):
                        yield stand.line(mutation, migra)


def table(server: Server, mutations: Sequence[Mutation]) -> list[Line]:
    """The lines of a server, in order; as many clusters at once as there are processors."""
    at_once = os.cpu_count() or 1
    shares = [mutations[start::at_once] for start in range(at_once)]
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        found = [
            line
            for share in pool.map(lambda share: list(lines(server, share)), shares)
            for line in share
        ]
    order = {mutation.name: number for number, mutation in enumerate(mutations)}
    return sorted(found, key=lambda line: order[line.mutation.name])


def shown(found: Iterable[Line]) -> Iterator[str]:
    """The table: a line for each mutation."""
    columns = [*(witness.name for witness in OURS), "migra"]
    yield f"{'':<72}" + "".join(f"{name:<12}" for name in columns)
    for line in found:
        title = f"{line.mutation.family}: {line.mutation.name}"
        yield f"{title:<72}" + "".join(f"{line.told.get(name, '-'):<12}" for name in columns)


def totals(found: Sequence[Line]) -> Iterator[str]:
    """What each witness has seen, and all of ours together."""
    for name in (*(witness.name for witness in OURS), "migra"):
        counts = Counter(line.told[name] for line in found if name in line.told)
        if counts:
            rest = ", ".join(f"{n} {told}" for told, n in sorted(counts.items()) if told != _SEEN)
            yield f"{name:<12}{counts[_SEEN]:>5} of {len(found)}" + f"  ({rest})" * bool(rest)
    seen = sum(line.verdict == _SEEN for line in found)
    yield f"{'verdict':<12}{seen:>5} of {len(found)}"


def is_enough(found: Sequence[Line]) -> bool:
    """Whether nothing is missed, and facts and rows need no help but for a few."""
    alone = sum(line.is_named for line in found)
    return all(line.verdict == _SEEN for line in found) and alone >= _ENOUGH * len(found) > 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a table for each server."""
    parser = argparse.ArgumentParser(prog="tests.mutations", description=__doc__)
    parser.add_argument("urls", nargs="*", default=SERVERS, help="servers; 15 and 18 by default")
    parser.add_argument("--only", default="", help="a word in the name or the family")
    asked = parser.parse_args(arguments)
    mutations = [m for m in load() if asked.only in f"{m.family}: {m.name}"]
    well = True
    for url in asked.urls:
        found = table(open_server(url), mutations)
        for text in (url, *shown(found), url, *totals(found), ""):
            sys.stdout.write(f"{text.rstrip()}\n")
        sys.stdout.flush()
        well = is_enough(found) and well
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
