"""Small plans made by hand, with a real (parsed) legacy history behind them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from consolidate import statements
from consolidate.catalog.depend import Dependencies
from consolidate.catalog.projection import Projection
from consolidate.catalog.rows import MarkedRows, Rows, Table, TableRows
from consolidate.model import (
    Fact,
    History,
    Manner,
    Migration,
    ObjectId,
    Runner,
    Snapshot,
    StatementId,
)
from consolidate.plan import Folder, Plan, PlannedFile, Slot, Step
from consolidate.trace import RowCounts, Session, Touch, Trace
from consolidate.truth import State, Truth
from consolidate.wording.units import Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass
class Maker:
    """Makes values with as few words as a test needs."""

    files: list[PlannedFile] = field(default_factory=list)

    @staticmethod
    def history(texts: Mapping[str, str]) -> History:
        return History(
            runner=Runner.PLAIN,
            migrations=tuple(
                Migration(
                    number=number,
                    path=path,
                    version="",
                    text=text,
                    sha256=sha256(text.encode()).hexdigest(),
                )
                for number, (path, text) in enumerate(texts.items(), 1)
            ),
        )

    def truth(
        self,
        texts: Mapping[str, str] | None = None,
        *,
        platform: Sequence[ObjectId] = (),
        sizes: Mapping[str, int] | None = None,
        inserted: Mapping[str, Mapping[str, int]] | None = None,
        trace: Trace | None = None,
    ) -> Truth:
        """A truth in which tables have as many rows as `sizes` says.

        `inserted` tells how many rows each statement inserted into which tables.
        """
        written = {
            StatementId(statement): {
                ObjectId("table", table): RowCounts(inserted=number, updated=0, deleted=0)
                for table, number in tables.items()
            }
            for statement, tables in (inserted or {}).items()
        }
        facts = frozenset(Fact(name, "exists", "yes") for name in platform)
        files = statements.parse_all(self.history(texts or {}))
        return Truth(
            version="18.4",
            prelude="",
            files=files,
            manner=Manner(),
            platform=State(facts=Snapshot(major=18, facts=facts), dump="", rows=_rows({})),
            final=State(
                facts=Snapshot(major=18, facts=frozenset()), dump="", rows=_rows(sizes or {})
            ),
            projection=Projection(major=18, rows={}),
            perturbed=_rows(sizes or {}),
            marked=MarkedRows(tables=(), sequences=()),
            clocked=frozenset(),
            entries=(),
            platform_entries=(),
            names={},
            depend=Dependencies(needs={}, parent={}),
            trace=replace(trace or self.trace(), rows=written),
        )

    @staticmethod
    def trace(
        touches: Mapping[ObjectId, Sequence[str]] | None = None,
        vanished: Mapping[ObjectId, Sequence[str]] | None = None,
    ) -> Trace:
        def touched(given: Mapping[ObjectId, Sequence[str]]) -> dict[ObjectId, tuple[Touch, ...]]:
            return {
                name: tuple(Touch(StatementId(statement), "ALTER") for statement in found)
                for name, found in given.items()
            }

        return Trace(
            created={},
            written={},
            touches=touched(touches or {}),
            vanished=touched(vanished or {}),
            rows={},
            sessions={},
            fresh=Session(search_path="", role=""),
        )

    @staticmethod
    def step(  # noqa: PLR0913
        name: str,
        sql: str,
        *sources: str,
        kind: str = "table",
        type_: str = "TABLE",
        rung: Rung = Rung.VERBATIM,
        members: Sequence[ObjectId] = (),
        family: str = "",
        ordinal: int = 0,
        outside: bool = False,
    ) -> Step:
        made = ObjectId(kind, name)
        unit = Unit(
            object=made,
            type=type_,
            sql=sql,
            rung=rung,
            ordinal=ordinal,
            sources=tuple(StatementId(source) for source in sources),
            members=frozenset([made, *members]),
            family=ObjectId("table", family) if family else made,
            outside_transaction=outside,
        )
        return Step(unit=unit, sql=sql, members=unit.members)

    def file(self, stem: str, *steps: Step, phase: str = "01_core", title: str = "") -> PlannedFile:
        """A file under `migrations/`, or under `seed/` where the phase is empty."""
        folder = Folder.MIGRATIONS if phase else Folder.SEED
        made = PlannedFile(slot=Slot(folder, phase, stem, title), steps=steps)
        self.files.append(made)
        return made

    def plan(self) -> Plan:
        return Plan(files=tuple(sorted(self.files, key=lambda f: f.slot)), findings=())


def _rows(sizes: Mapping[str, int]) -> Rows:
    return Rows(
        tables=tuple(
            TableRows(
                table=Table(
                    object=ObjectId("table", name),
                    root=name,
                    columns=(),
                    primary_key=(),
                    unique_keys=(),
                    foreign_keys=(),
                ),
                rows=((),) * number,
            )
            for name, number in sizes.items()
        ),
        sequences=(),
    )


@pytest.fixture
def make() -> Maker:
    return Maker()
