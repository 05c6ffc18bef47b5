"""What must, and what must not, be there when rows are written."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pglast import ast

from consolidate.model import ObjectId
from consolidate.wording.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.truth import Truth
    from consolidate.wording.entries import Piece, Pieces

INSERT, DELETE, UPDATE, TRUNCATE = 4, 8, 16, 32
"""Events, as `pg_trigger.tgtype` numbers them."""


class RowNeighbours:
    """The truth's triggers, unvalidated constraints and materialized views, by table."""

    def __init__(self, truth: Truth, pieces: Pieces) -> None:
        self._truth = truth
        self._order = truth.order
        self._triggers: dict[ObjectId, list[tuple[ObjectId, int]]] = defaultdict(list)
        self._unchecked: dict[ObjectId, list[ObjectId]] = defaultdict(list)
        self._views: dict[ObjectId, list[ObjectId]] = defaultdict(list)
        for name, piece in pieces.all.items():
            table = truth.depend.family(name)
            if piece.type == "TRIGGER":
                self._triggers[table].append((name, _events(piece)))
            elif piece.type.endswith(" CONSTRAINT") and "NOT VALID" in piece.sql:
                self._unchecked[table].append(name)
            elif piece.type == "MATERIALIZED VIEW":
                for source in self.reads(name):
                    self._views[source].append(name)
        self._filled = self._refreshes()

    def of(
        self, tables: Iterable[ObjectId], ordinal: int, *, quiet: bool, events: int
    ) -> tuple[set[ObjectId], set[ObjectId]]:
        """What rows need, and what they must come before.

        Args:
            tables: Where rows are written.
            ordinal: When the legacy history wrote them.
            quiet: No trigger is to see them.
            events: What is done to the rows.
        """
        needs: set[ObjectId] = set()
        before: set[ObjectId] = set()
        for table in tables:
            for name, fires_on in self._triggers[table]:
                if fires_on & events:
                    late = quiet or self._made(name) > ordinal
                    (before if late else needs).add(name)
            before |= {
                name for name in self._unchecked[table] if quiet or self._made(name) > ordinal
            }
            for view in self._views[table]:
                (before if self._filled[view] > ordinal else needs).add(view)
        return needs, before

    def is_shown(self, table: ObjectId, first: int, last: int) -> bool:
        """Whether a materialized view was last filled from a table's rows between two places."""
        return any(first < self._filled[view] < last for view in self._views[table])

    def reads(self, view: ObjectId) -> frozenset[ObjectId]:
        """What a materialized view reads, through other views too."""
        found: set[ObjectId] = set()
        pending = [view]
        while pending:
            rule = ObjectId("rule", f'"_RETURN" on {pending.pop().identity}')
            new = self._truth.depend.needs.get(rule, frozenset()) - found - {view}
            found |= new
            pending += new
        return frozenset(found)

    def _made(self, name: ObjectId) -> int:
        creator = self._truth.trace.created.get(name)
        return self._order[creator] if creator else -1

    def _refreshes(self) -> Mapping[ObjectId, int]:
        """When each materialized view was last filled."""
        views = {view for views in self._views.values() for view in views}
        filled = {view: self._made(view) for view in views}
        for identifier, statement in self._truth.statements.items():
            if isinstance(statement.tree, ast.RefreshMatViewStmt):
                for view in self._truth.graph.speaks_of(identifier) & views:
                    filled[view] = self._order[identifier]
        return filled


def _events(piece: Piece) -> int:
    tree = parsed(piece.statements[0])
    return int(tree.events or 0) if isinstance(tree, ast.CreateTrigStmt) else 0
