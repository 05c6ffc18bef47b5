"""What of some objects of the platform, and of all that belongs to them, a history made otherwise.

Their ways back are worded from it, in the order in which the platform made what they stand on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.model import ObjectId
from consolidate.wording import brought, columnsagain, comments, lineage, relation_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.model import Statement
    from consolidate.truth import Truth


@dataclass(slots=True)
class Restored:
    """How the changes of one object are taken back."""

    statements: list[str] = field(default_factory=list)
    irreversible: list[str] = field(default_factory=list)
    """What stays as it is, and why; a line each."""
    cut: list[ObjectId] = field(default_factory=list)
    """Columns that are dropped, or given their former types, with what goes by that; partitions
    that are attached again, with what their bounds do not take."""


class Differing:
    """The facts that differ, by object; what is found of the way back grows as it goes."""

    def __init__(
        self,
        truth: Truth,
        names: Sequence[ObjectId],
        statements: Sequence[Statement],
        apart: frozenset[ObjectId],
    ) -> None:
        self.truth = truth
        self.names = names
        self.statements = statements
        self.found = Restored()
        before, after = truth.platform.facts, truth.final.facts
        self.there = after.objects
        changed = {fact.object for fact in before.facts ^ after.facts}
        changed |= {name for name in truth.replaced if name.kind in columnsagain.KINDS}
        self.before = {n: before.of(n) for n in changed}
        self.after = {n: after.of(n) for n in changed}
        self.own = sorted(n for n in changed if n not in apart and self._belongs(n))

    def turn(self, name: ObjectId) -> tuple[bool, int, int]:
        """What it needs is there before it is altered or made again: so are parents of a child.

        A table is clustered on one index at most: that one comes after those which are not.
        """
        is_there = "exists" in self.after[name]
        if self.is_added(name):
            return False, columnsagain.turn(self.truth, name), 0
        family = self._lineage(comments.whole(name) if is_there else name)
        last = max(brought.position(self.truth, one) for one in family)
        return is_there and "clustered" in self.before[name], last, len(family)

    def is_added(self, name: ObjectId) -> bool:
        """Whether it is a column that is added to what stays."""
        is_gone = "exists" not in self.after[name] or self.is_replaced(name)
        return name.kind in columnsagain.KINDS and comments.whole(name) in self.there and is_gone

    def is_replaced(self, name: ObjectId) -> bool:
        """Whether it is a column that took the name of one that was dropped."""
        return name.kind in columnsagain.KINDS and name in self.truth.replaced

    def was_partition(self, name: ObjectId) -> bool:
        """Whether it is on what was a partition: ATTACH lets its columns be its parent's again."""
        table = names.parted(name.identity, " on ")[1]
        whole = comments.whole(name) if name.kind.endswith(" column") else ObjectId("table", table)
        return "partition of" in self.truth.platform.facts.of(whole)

    def _lineage(self, table: ObjectId) -> set[ObjectId]:
        """A table and all that it is a child of."""
        found = {table}
        for parent in lineage.parents(self.truth.final.facts, table):
            found |= self._lineage(parent)
        return found

    def _belongs(self, name: ObjectId) -> bool:
        return any(self._belongs_to(whole, name) for whole in self.names)

    def _belongs_to(self, whole: ObjectId, name: ObjectId) -> bool:
        if whole in {name, comments.whole(name), self.truth.depend.family(comments.whole(name))}:
            return True
        if name.kind == "index":
            definition = self.before[name].get("definition", "")
            return relation_changes.indexed(definition) == whole.identity
        for word in ("identity of", "owned by"):
            if column := self.before[name].get(word):
                return names.parted(column, ".")[0] == whole.identity
        return name.identity.endswith(f" on {whole.identity}")

    def described(self, name: ObjectId) -> Iterator[str]:
        """The comment on what was made again."""
        if "comment" in self.before[name]:
            yield comments.spoken(name, comments.head(name), self.before[name]["comment"])
