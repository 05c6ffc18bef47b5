"""Tells after which of an output's files a database stands, such as one whose server crashed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate.catalog import facts, rows
from consolidate.empty_database import platform
from consolidate.landings import Stairs
from consolidate.lines import alongside
from consolidate.stairway import Stairway, climb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.catalog.rows import Rows
    from consolidate.lines import Lines
    from consolidate.model import Fact, Snapshot
    from consolidate.servers.interface import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a database stands among the files of an output."""

    files: tuple[str, ...]
    """In apply order."""
    after: tuple[int, ...]
    """The numbers of files that it may stand after: one, unless files differ in nothing but rows
    and its rows are those of none. Empty where it stands in between, or somewhere else."""
    rows: bool = False
    """Whether its rows are those, too."""
    nearest: int = 0
    """Where it stands nowhere: the number of files that it is most like."""
    facts: int = 0
    """In how many facts it differs from that."""


class Height:
    """What the files of an output build, state by state."""

    def __init__(self, prelude: str, tree: Mapping[str, str], server: Server) -> None:
        """Builds it on two throwaway clusters.

        Raises:
            Stuck: A file does not apply.
            ServerTrouble: A server can not go on.
        """
        self._stairs = Stairs()
        with alongside(
            lambda lines: _rows(prelude, tree, server, lines), really=server.side_by_side
        ) as again:
            with platform(server, prelude) as (_, connection):
                stairs = Stairway(connection, tree)
                self.files = stairs.files
                first = [rows.read(connection)]
                self._stairs.push(facts.read(connection))
                for number in range(1, len(self.files) + 1):
                    stairs.up(number)
                    first.append(rows.read(connection))
                    self._stairs.push(facts.read(connection))
            self._rows = [*zip(first, again(), strict=True)]
        self._changed = self._stairs.changed

    def of(self, found: Snapshot, held: Rows) -> Standing:
        """Where a database stands that holds these facts and rows.

        What no file changes does not count, so neither do objects that others have added. Nor does
        where sequences stand: a server that recovers may skip what it had put by of them, and what
        a transaction drew that never ended is gone all the same.
        """
        told = self._told(found)
        states = range(len(self.files) + 1)
        off = {number: len(told ^ self._told(self._stairs.facts(number))) for number in states}
        after = [number for number in states if not off[number]]
        alike = [number for number in after if self._holds_the_rows(number, held)]
        nearest = min(states, key=lambda number: off[number])
        return Standing(
            files=self.files,
            after=tuple(alike or after),
            rows=bool(alike),
            nearest=nearest,
            facts=off[nearest],
        )

    def _holds_the_rows(self, number: int, held: Rows) -> bool:
        """Whether the tables of that state hold what they do there, but for what is volatile."""
        one, other = (replace(some, sequences=()) for some in self._rows[number])
        names = {entry.table.object for entry in one.tables}
        tables = tuple(entry for entry in held.tables if entry.table.object in names)
        ours = rows.mark(replace(held, tables=tables, sequences=()), one)
        return not rows.compare(rows.mark(one, other), ours)

    def _told(self, found: Snapshot) -> frozenset[Fact]:
        """The facts that some file changes."""
        return frozenset(
            fact for fact in found.facts if (fact.object, fact.attribute) in self._changed
        )


def _rows(prelude: str, tree: Mapping[str, str], server: Server, lines: Lines | None) -> list[Rows]:
    """The rows between the files, of another build: what the two do not share is volatile."""
    with platform(server, prelude, perturbed=True, lines=lines) as (_, connection):
        return [landing.rows for landing in climb(Stairway(connection, tree))]
