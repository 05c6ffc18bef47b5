"""Tells after which of an output's files a database stands, such as one whose server crashed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from consolidate import chance
from consolidate.catalog import facts, rows
from consolidate.empty_database import platform
from consolidate.landings import Stairs
from consolidate.lines import alongside
from consolidate.stairway import Stairway, climb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.catalog.rows import MarkedRows, MarkedTable, Row, Rows, TableRows
    from consolidate.lines import Lines
    from consolidate.model import Fact, ObjectId, Snapshot
    from consolidate.servers.interface import Server


class Held(StrEnum):
    """What a database holds of the rows that the files have written."""

    SAME = "same"
    """Just these, in the tables that they have made."""
    MORE = "more"
    """All of them, and others."""
    OTHER = "other"
    """Not all of them: some are gone, or changed."""
    UNREAD = "unread"
    """Nobody knows: its role may not read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a database stands among the files of an output."""

    files: tuple[str, ...]
    """In apply order."""
    after: tuple[int, ...]
    """The numbers of files that it may stand after: one, unless files differ in nothing but rows
    and its rows are those of none. Empty where it stands in between, or somewhere else."""
    held: Held = Held.OTHER
    """What it holds of the rows that these have written."""
    nearest: int = 0
    """Where it stands nowhere: the number of files that it is most like, the last of several."""
    differs: tuple[tuple[ObjectId, str], ...] = ()
    """In which attributes of which objects it differs from that."""


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

    def of(
        self, found: Snapshot, held: Rows, unread: frozenset[ObjectId] = frozenset()
    ) -> Standing:
        """Where a database stands that holds these facts and rows.

        What no file changes does not count, so neither do objects and rows that others have added.
        Nor does where sequences stand: a server that recovers may skip what it had put by of them,
        and what a transaction drew that never ended is gone all the same.

        Args:
            found: Its facts.
            held: Its rows.
            unread: Tables whose rows could not be read.
        """
        told = self._told(found)
        states = range(len(self.files) + 1)
        off = {number: len(told ^ self._told(self._stairs.facts(number))) for number in states}
        after = [number for number in states if not off[number]]
        nearest = min(states, key=lambda number: (off[number], -number))
        away = self._told(self._stairs.facts(nearest)) ^ told
        where, rows_ = self._by_rows(after, held, unread)
        return Standing(
            files=self.files,
            after=where,
            held=rows_,
            nearest=nearest,
            differs=tuple(sorted({(fact.object, fact.attribute) for fact in away})),
        )

    def _by_rows(
        self, after: list[int], held: Rows, unread: frozenset[ObjectId]
    ) -> tuple[tuple[int, ...], Held]:
        """Which of some states it is by the rows, and what is held of these."""
        if any(entry.table.object in unread for n in after for entry in self._rows[n][0].tables):
            return tuple(after), Held.UNREAD
        alike = [number for number in after if self._holds_the_rows(number, held)]
        if alike:
            return tuple(alike), Held.SAME
        there = [number for number in after if not self._lacks(number, held)]
        if not there:
            return tuple(after), Held.OTHER
        last = there[-1]  # whatever holds the rows of a state holds those of the ones before it
        alike = [n for n in there if not rows.compare(self._marked(n), self._marked(last))]
        return tuple(alike), Held.MORE

    def _marked(self, number: int) -> MarkedRows:
        """The rows of a state, sequences apart."""
        one, other = (replace(some, sequences=()) for some in self._rows[number])
        return rows.mark(one, other)

    def _holds_the_rows(self, number: int, held: Rows) -> bool:
        """Whether the tables of that state hold what they do there, but for what is volatile."""
        one = replace(self._rows[number][0], sequences=())
        names = {entry.table.object for entry in one.tables}
        tables = tuple(entry for entry in held.tables if entry.table.object in names)
        ours = rows.mark(replace(held, tables=tables, sequences=()), one)
        return not rows.compare(self._marked(number), ours)

    def _lacks(self, number: int, held: Rows) -> bool:
        """Whether a row of that state is not there, as far as it is not volatile."""
        there = {entry.table.object: entry for entry in held.tables}
        tables = self._marked(number).tables
        return any(_lacks(entry, there.get(entry.table.object)) for entry in tables)

    def _told(self, found: Snapshot) -> frozenset[Fact]:
        """The facts that some file changes."""
        return frozenset(
            fact for fact in found.facts if (fact.object, fact.attribute) in self._changed
        )


def _lacks(wanted: MarkedTable, held: TableRows | None) -> bool:
    """Whether a table lacks one of some rows; further columns of its do not count."""
    if not wanted.rows:
        return False
    places = {column.name: place for place, column in enumerate(held.table.columns)} if held else {}
    columns = [column.name for column in wanted.table.columns]
    if held is None or not places.keys() >= set(columns):
        return True
    by_mask: dict[tuple[int, ...], Counter[Row]] = defaultdict(Counter)
    for row in wanted.rows:
        fixed = [(n, cell) for n, cell in enumerate(row) if cell is None or isinstance(cell, str)]
        by_mask[tuple(n for n, _ in fixed)][tuple(cell for _, cell in fixed)] += 1
    return any(
        counts - Counter(tuple(row[places[columns[n]]] for n in mask) for row in held.rows)
        for mask, counts in by_mask.items()
    )


def _rows(prelude: str, tree: Mapping[str, str], server: Server, lines: Lines | None) -> list[Rows]:
    """The rows between the files, of another build: what the two do not share is volatile."""
    with platform(server, prelude, perturbed=True, lines=lines) as (_, connection):
        if chance.is_ours(connection, tree.values()):
            chance.otherwise(connection)
        return [landing.rows for landing in climb(Stairway(connection, tree))]
