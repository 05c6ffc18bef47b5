"""Folds corrections into the rows that the authors listed before, one component at a time.

Where INSERTs list their rows and later statements change or delete some of these, the INSERTs are
written with what was left in the end, and the corrections are gone. Only what no other statement
looked at in between is folded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pglast import ast

from consolidate import names
from consolidate.trace import RowCounts
from consolidate.wording import tablefold
from consolidate.wording.corrections import correction, unread
from consolidate.wording.expressions import renames_since
from consolidate.wording.listings import listing
from consolidate.wording.tablefold import Corrected, Folded, Listed, NotExact
from consolidate.wording.verbatim import own_words, plain_session

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from consolidate.model import ObjectId, Statement, StatementId
    from consolidate.truth import Truth
    from consolidate.wording.listings import Listing
    from consolidate.wording.rowgroups import Component, RowGroups
    from consolidate.wording.rowneighbours import RowNeighbours


@dataclass(frozen=True, slots=True, kw_only=True)
class Folds:
    """All that is folded in one component."""

    inserts: Mapping[StatementId, Folded]
    corrections: frozenset[StatementId]
    """The statements that are gone for it."""
    chosen: bool
    """Whether all that they set are constants; else they work values out of others."""
    stale: bool
    """Whether some INSERT names what is not called so any more."""
    seen: frozenset[StatementId]
    """Statements that looked at the rows before they were corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How to fold."""

    quiet: bool
    """What triggers wrote elsewhere is written by itself, and need not come of these."""
    whole: bool
    """Every cell is looked at, whatever made it what it is; else those that are known to have been
    corrected."""


class RowFolder:
    """Folds what was corrected of the rows of one truth."""

    def __init__(self, truth: Truth, groups: RowGroups, neighbours: RowNeighbours) -> None:
        self._truth = truth
        self._groups = groups
        self._neighbours = neighbours
        self._before = {t.table.object for t in truth.platform.rows.tables if t.rows}
        self._aimed: dict[ObjectId, frozenset[StatementId]] = {}
        self._defaults = {
            fact.object.identity: fact.value
            for fact in truth.final.facts.facts
            if fact.object.kind == "table column" and fact.attribute == "default"
        }

    def folded(
        self,
        component: Component,
        target: Callable[[Statement], ObjectId],
        way: Way,
    ) -> Folds | None:
        """The component's corrections folded; None if there are none, or it is not exact.

        Args:
            component: Tables whose rows were written together.
            target: Tells the table that a statement is aimed at.
            way: How to fold.
        """
        direct = {target(self._truth.statements[s]) for s in component.statements}
        work = _Work(self, self._truth, component, direct, way)
        try:
            return work.folds()
        except NotExact:
            return None

    def fold_table(
        self,
        table: ObjectId,
        listed: Sequence[Listed],
        corrected: Sequence[Corrected],
        *,
        whole: bool,
    ) -> Mapping[StatementId, Folded]:
        """The INSERTs into one table that are otherwise.

        Raises:
            NotExact: As `tablefold.fold` does; or the rows are not all the history's own, or too
                many to be looked at.
        """
        marked = self._groups.marked.get(table)
        if marked is None or table in self._before or not isinstance(marked.rows, tuple):
            raise NotExact
        defaults = {
            column.name: self._defaults[identity]
            for column in marked.table.columns
            if (identity := f"{table.identity}.{column.quoted}") in self._defaults
        }
        return tablefold.fold(marked, defaults, listed, corrected, whole=whole)

    def aimed(self, table: ObjectId) -> frozenset[StatementId]:
        """The statements that name the table as the one to write, whatever it was called then."""
        if table not in self._aimed:
            self._aimed[table] = frozenset(self._truth.graph.rows(table))
        return self._aimed[table]

    def columns(self, table: ObjectId) -> tuple[str, ...]:
        """The names of a table's columns, in their order."""
        marked = self._groups.marked.get(table)
        return tuple(column.name for column in marked.table.columns) if marked else ()

    def readers(self, table: ObjectId, first: int, last: int) -> frozenset[StatementId]:
        """The statements between two places that look at a table's rows and write others.

        Raises:
            NotExact: A materialized view was filled from them.
        """
        if self._neighbours.is_shown(table, first, last):
            raise NotExact
        order = self._truth.order
        return frozenset(s for s in self._groups.readers(table) if first < order[s] < last)


class _Work:
    """One component while its corrections are folded."""

    def __init__(
        self,
        folder: RowFolder,
        truth: Truth,
        component: Component,
        direct: Container[ObjectId],
        way: Way,
    ) -> None:
        self._folder = folder
        self._whole = way.whole
        self._truth = truth
        self._component = component
        self._counts: dict[StatementId, Mapping[ObjectId, RowCounts]] = {
            s: {
                table: counts
                for table, counts in truth.trace.rows[s].items()
                if not way.quiet or table in direct
            }
            for s in component.statements
        }

    def folds(self) -> Folds | None:
        tables = sorted({table for written in self._counts.values() for table in written})
        inserts: dict[StatementId, Folded] = {}
        gone: set[StatementId] = set()
        seen: set[StatementId] = set()
        chosen, stale = True, False
        for table in tables:
            stale_here = self._is_stale(table)
            if not (self._whole or stale_here or self._is_corrected(table)):
                continue
            listed, corrections = self._of(table)
            found = self._folder.fold_table(table, listed, corrections, whole=self._whole)
            if any(len(self._counts[s]) > 1 for s in found):  # triggers saw the rows as they were
                raise NotExact
            inserts |= found
            seen |= self._seen(
                table, [one for one in listed if one.statement in found], corrections
            )
            gone |= {one.correction.statement for one in corrections}
            gone -= {one.statement for one in listed}
            chosen = chosen and all(one.correction.chosen for one in corrections)
            stale = stale or stale_here
        if any(counts.inserted for s in gone for counts in self._counts[s].values()):
            raise NotExact
        if not inserts and not gone:
            return None
        return Folds(
            inserts=inserts,
            corrections=frozenset(gone),
            chosen=chosen,
            stale=stale,
            seen=frozenset(seen - gone),
        )

    def _seen(
        self, table: ObjectId, folded: Sequence[Listed], corrections: Sequence[Corrected]
    ) -> frozenset[StatementId]:
        """The statements that looked at the rows before they were corrected."""
        if not folded or not corrections:
            return frozenset()
        return self._folder.readers(table, folded[0].number, corrections[-1].number)

    def _is_corrected(self, table: ObjectId) -> bool:
        none = RowCounts(inserted=0, updated=0, deleted=0)
        counts = (written.get(table, none) for written in self._counts.values())
        return any(one.updated or one.deleted for one in counts)

    def _is_stale(self, table: ObjectId) -> bool:
        """Whether an INSERT names the table, or a column of it, as it is not called any more."""
        today = frozenset(self._folder.columns(table))
        inserts = (self._truth.statements[s] for s in self._counts if self._is_aimed(s, table))
        return any(
            _name_of_today(statement, table)
            or not today.issuperset(column.name or "" for column in tree.cols or ())
            for statement in inserts
            if isinstance(tree := statement.tree, ast.InsertStmt)
        )

    def _is_aimed(self, identifier: StatementId, table: ObjectId) -> bool:
        return identifier in self._folder.aimed(table)

    def _of(self, table: ObjectId) -> tuple[Sequence[Listed], Sequence[Corrected]]:
        """The INSERTs that list rows of a table, and the corrections of any, in order."""
        listed: list[Listed] = []
        corrected: list[Corrected] = []
        unlisted = False
        for s in self._component.statements:
            counts = self._counts[s].get(table)
            if counts is None:
                continue
            rows = self._listed(s, table, counts)
            if counts.updated or counts.deleted:
                if unlisted:
                    raise NotExact
                corrected.append(self._corrected(s, table, counts, rows))
            elif rows is None:
                unlisted = True
            if rows is not None:
                listed.append(rows)
        return listed, corrected

    def _listed(self, identifier: StatementId, table: ObjectId, counts: RowCounts) -> Listed | None:
        """An INSERT that lists rows of the table; None if the statement is no such."""
        statement = self._truth.statements[identifier]
        if not self._is_aimed(identifier, table) or not plain_session(self._truth, identifier):
            return None
        words = own_words(statement, self._truth.previous.get(identifier))
        rows = listing(words, statement.tree)
        if rows is None:
            return None
        columns = self._columns(identifier, table, rows)
        if len(columns) != len(rows.rows[0].cells):
            return None
        return Listed(
            statement=identifier,
            number=self._truth.order[identifier],
            rows=rows,
            columns=columns,
            table=_name_of_today(statement, table),
            counts=counts,
            conflicts=getattr(statement.tree, "onConflictClause", None) is not None,
        )

    def _columns(
        self, identifier: StatementId, table: ObjectId, rows: Listing
    ) -> tuple[str | None, ...]:
        """The columns that an INSERT fills, by today's names; None: it is not there any more."""
        today = self._folder.columns(table)
        if not rows.columns:
            return today[: len(rows.rows[0].cells)]
        renames = renames_since(self._truth, table, identifier)
        found = [renames.get(name, name) for name in rows.columns]
        return tuple(name if name in today else None for name in found)

    def _corrected(
        self, identifier: StatementId, table: ObjectId, counts: RowCounts, rows: Listed | None
    ) -> Corrected:
        statement = self._truth.statements[identifier]
        found = correction(statement, rows.rows if rows else None)
        elsewhere = not self._is_aimed(identifier, table)
        if found is None or (elsewhere and counts.updated):
            if not self._whole:
                raise NotExact
            found = unread(statement)
        return Corrected(
            correction=found.renamed(renames_since(self._truth, table, identifier)),
            number=self._truth.order[identifier],
            deleted=counts.deleted,
        )


def _name_of_today(statement: Statement, table: ObjectId) -> str:
    """What a table is called now, quoted; empty if its author calls it so."""
    relation = getattr(statement.tree, "relation", None)
    schema, bare = names.split(table.identity)
    if relation is None or (relation.relname == bare and relation.schemaname in {None, schema}):
        return ""
    return names.quote(bare) if schema == "public" and not relation.schemaname else table.identity
