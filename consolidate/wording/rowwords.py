"""Words the rows: the authors' own statements where they still give the same rows, else values.

Tables whose rows were written by the same statements form a *component* and step down a ladder
together (`rowladder`): the authors' statements, corrections folded into the rows that they list,
with the triggers firing as they did; the authors' statements before any trigger exists, and what
triggers had written as values; all as values.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from consolidate.model import ObjectId, Statement
from consolidate.wording import broughtrows, values
from consolidate.wording.authored import Authored, authored
from consolidate.wording.rowchain import chained
from consolidate.wording.rowfold import RowFolder
from consolidate.wording.rowgroups import Component, RowGroups
from consolidate.wording.rowkinds import follows_from_rows, upserts
from consolidate.wording.rowladder import LOWEST, RowLadders, RowRung
from consolidate.wording.rowneighbours import DELETE, INSERT, TRUNCATE, UPDATE, RowNeighbours
from consolidate.wording.units import Choices, Rung, Unit
from consolidate.wording.verbatim import own_words

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from consolidate.catalog.rows import MarkedTable
    from consolidate.truth import Truth
    from consolidate.wording.entries import Pieces
    from consolidate.wording.tablefold import Folded
    from consolidate.wording.values import Insert

_EVENTS = {
    "InsertStmt": INSERT,
    "UpdateStmt": UPDATE,
    "DeleteStmt": DELETE,
    "TruncateStmt": TRUNCATE,
}
_ANY_EVENT = INSERT | DELETE | UPDATE | TRUNCATE


class RowWorder:
    """Words the rows of one truth, as often as the choices change."""

    def __init__(self, truth: Truth, pieces: Pieces) -> None:
        self._truth = truth
        self._statements = truth.statements
        self._order = truth.order
        self._neighbours = RowNeighbours(truth, pieces)
        self.groups = RowGroups(truth)
        self._defaults = frozenset(
            fact.object.identity
            for fact in truth.final.facts.facts
            if fact.object.kind == "table column" and fact.attribute == "default"
        )
        self._aimed = {table: frozenset(truth.graph.rows(table)) for table in self.groups.marked}
        self._brought = {t.table.object: t for t in truth.platform.rows.tables}
        folder = RowFolder(truth, self.groups, self._neighbours)
        self._ladders = RowLadders(truth, folder, self._target, self._made_up)

    def word(self, choices: Choices, brought: Container[ObjectId]) -> tuple[Unit, ...]:
        """One unit per data statement, or per table where the values are written out.

        Args:
            choices: How far down each component was sent.
            brought: Tables whose rows an as-was component brings.
        """
        units: list[Unit] = []
        for component in self.groups.components:
            if not any(table in brought for table in component.tables):
                units += self._component(component, choices)
        return chained(units, self.groups)

    def lower(self, component: Component, choices: Choices, why: str, *, failed: bool) -> Choices:
        """The choices with one component further down.

        Args:
            component: The one whose wording does not hold.
            choices: As they were.
            why: What was seen.
            failed: Whether a statement failed; else the rows differ.
        """
        for other in self.groups.components:
            folds = self._rung(other, choices).folds
            if other != component and folds and not folds.seen.isdisjoint(component.statements):
                return self.lower(other, choices, f"{why}, which read these rows", failed=False)
        level = choices.level(component.name)
        if not self._rung(component, choices).as_values:
            below = self._ladders.below(component, level, failed=failed)
            return _at(choices, component, below, why)
        readers = [
            other
            for other in self.groups.components
            if not self._rung(other, choices).as_values and self._reads_from(other, component)
        ]
        if readers:  # they saw these rows as they were then, which values can not give
            for other in readers:
                because = f"rows that it read stand as values in {component.name.identity}"
                choices = self.as_values(other, choices, because)
            return choices
        return replace(choices, as_was=choices.as_was | {component.name})

    def as_values(self, component: Component, choices: Choices, why: str) -> Choices:
        """The choices with the values of one component written out; the same if they are."""
        if self._rung(component, choices).as_values:
            return choices
        return _at(choices, component, LOWEST, why)

    def sources_of(self, view: ObjectId) -> tuple[Component, ...]:
        """The components whose rows a materialized view shows."""
        reads = self._neighbours.reads(view)
        return tuple(c for c in self.groups.components if c.tables & reads)

    @cached_property
    def _authored(self) -> Authored:
        """What the authors said of cells that every replay fills differently."""
        return authored(
            self._truth,
            [
                (marked, [s for s in component.statements if table in self._truth.trace.rows[s]])
                for component in self.groups.components
                for table in sorted(component.tables)
                if (marked := self.groups.marked.get(table)) is not None
            ],
        )

    def _rung(self, component: Component, choices: Choices) -> RowRung:
        """The rung that the choices name."""
        return self._ladders.rung(component, choices.level(component.name))

    def _reads_from(self, component: Component, other: Component) -> bool:
        """Whether the statements of a component speak of another one's tables."""
        return any(self._truth.graph.speaks_of(s) & other.tables for s in component.statements)

    def _component(self, component: Component, choices: Choices) -> list[Unit]:
        rung = self._rung(component, choices)
        because = choices.because(component.name) or self._ladders.not_copied(component)
        if rung.as_values:
            return self._values(component, component.tables, because)
        units = []
        folds = rung.folds
        for identifier in component.statements:
            statement = self._statements[identifier]
            if follows_from_rows(statement) or (folds and identifier in folds.corrections):
                continue
            unit = self._copied(statement, quiet=rung.quiet)
            folded = folds.inserts.get(identifier) if folds else None
            if folded is None or folded.words:
                units.append(self._folded(unit, folded) if folded else unit)
        if rung.quiet:
            direct = {self._target(self._statements[s]) for s in component.statements}
            units += self._values(component, component.tables - direct, f"{_FIRED}{because}")
        return units

    def _folded(self, unit: Unit, folded: Folded) -> Unit:
        """An INSERT with what was corrected of its rows."""
        return replace(
            unit,
            sql=folded.words,
            rung=Rung.FOLDED,
            sources=(*unit.sources, *folded.corrections),
            rows=folded.rows,
        )

    def _copied(self, statement: Statement, *, quiet: bool) -> Unit:
        written = self._truth.trace.rows[statement.id]
        target = self._target(statement)
        truth = self._truth
        beside = truth.previous.get(statement.id), truth.following.get(statement.id)
        words = own_words(statement, *beside)
        ordinal = self._order[statement.id]
        tables = {target} if quiet else set(written)
        events = _EVENTS.get(statement.kind, _ANY_EVENT)
        if upserts(statement):
            events |= UPDATE
        needs, before = self._neighbours.of(tables, ordinal, quiet=quiet, events=events)
        name = ObjectId("rows", f"{target.identity} {statement.id}")
        return Unit(
            object=name,
            type="ROWS",
            sql=words,
            rung=Rung.VERBATIM,
            ordinal=ordinal,
            sources=(statement.id,),
            members=frozenset({name}),
            needs=frozenset(needs | tables | self._truth.graph.speaks_of(statement.id)),
            before=frozenset(before),
            family=target,
        )

    def _target(self, statement: Statement) -> ObjectId:
        """The table that a statement is aimed at, not those that its triggers write."""
        written = self._truth.trace.rows[statement.id]
        aimed = (t for t in sorted(written) if statement.id in self._aimed.get(t, ()))
        return next(aimed, None) or min(written)

    def _values(self, component: Component, tables: Iterable[ObjectId], because: str) -> list[Unit]:
        units = []
        for table in sorted(set(tables) & self.groups.filled):
            writers = tuple(s for s in component.statements if table in self._truth.trace.rows[s])
            ordinal = max((self._order[s] for s in writers), default=len(self._order))
            needs, before = self._neighbours.of([table], ordinal, quiet=True, events=INSERT)
            name = ObjectId("rows", table.identity)
            changed, added = self._since(table)
            written = self._listed(added)
            units.append(
                Unit(
                    object=name,
                    type="ROWS",
                    sql="\n".join(filter(None, [*changed, written.sql])),
                    rung=Rung.SERVER,
                    ordinal=ordinal,
                    sources=writers,
                    members=frozenset({name}),
                    needs=frozenset(needs | {table} | written.looks_at),
                    before=frozenset(before),
                    family=table,
                    because=because or _NOBODY,
                    made_up=tuple(sorted(written.made_up)),
                )
            )
        return units

    def _listed(self, marked: MarkedTable) -> Insert:
        today = self._truth.final.rows.today
        return values.insert(marked, self._truth.marked, self._defaults, self._authored, today)

    def _made_up(self, component: Component) -> bool:
        """Whether its rows as values would say something that no author said."""
        filled = sorted(component.tables & self.groups.filled)
        return any(self._listed(self._since(table)[1]).made_up for table in filled)

    def _since(self, table: ObjectId) -> tuple[tuple[str, ...], MarkedTable]:
        """What the history did to the platform's rows of a table, and the rows that it added."""
        marked = self.groups.marked[table]
        before = self._brought.get(table)
        if before is None or not before.rows:
            return (), marked
        (final,) = (t.rows for t in self._truth.final.rows.tables if t.table.object == table)
        found = broughtrows.change(marked, final, before)
        return found.statements, found.added


_FIRED = "triggers wrote them; "
_NOBODY = "no statement is known to have written them"


def _at(choices: Choices, component: Component, level: int, why: str) -> Choices:
    name = component.name
    reasons = {name: (*choices.reasons.get(name, ()), why)}
    return replace(
        choices,
        levels={**choices.levels, name: level},
        reasons={**choices.reasons, **reasons},
    )
