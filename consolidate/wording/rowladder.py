"""The ladder of rows: how those of one component can be written, from the best to the surest.

A correction that sets constants is folded into the rows before it: a reader then sees what the
table holds. One that works its values out of others (`SET a = b * 2`) says something that the
values alone do not, so the authors' statements come first there, and folding is for where they do
not hold. Where names have changed or columns are gone, they can not.

A block that wrote nothing but rows is copied only where values would not say what its author did,
such as how long after `now()` something ends: listed rows are easier to read.

Last of these, every cell of the listed rows is held against the truth: whatever made it what it is,
an ALTER of its type or a block, it is written in the authors' layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from typing import TYPE_CHECKING

from consolidate.wording.rowfold import Way
from consolidate.wording.rowkinds import follows_from_rows, is_block, why_not_copied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.model import ObjectId, Statement, StatementId
    from consolidate.truth import Truth
    from consolidate.wording.rowfold import Folds, RowFolder
    from consolidate.wording.rowgroups import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRung:
    """One way to write the rows of a component."""

    as_values: bool = False
    """The server's rows; else the authors' statements."""
    quiet: bool = False
    """The statements run before there is any trigger, whose rows are written as values."""
    folds: Folds | None = None
    """The corrections that are folded into other statements, if any are."""


VALUES = RowRung(as_values=True)
"""The lowest rung, which every component has."""

LOWEST = 1_000
"""A level below all others."""


class RowLadders:
    """The ladders of one truth's components."""

    def __init__(
        self,
        truth: Truth,
        folder: RowFolder,
        target: Callable[[Statement], ObjectId],
        made_up: Callable[[Component], bool],
    ) -> None:
        """Prepares the ladders.

        Args:
            truth: What the statements built.
            folder: Folds corrections.
            target: The table that a statement is aimed at.
            made_up: Whether values would say something of a component that no author said.
        """
        self._truth = truth
        self._folder = folder
        self._target = target
        self._made_up = made_up
        self._known: dict[ObjectId, list[RowRung]] = {}
        self._further: dict[ObjectId, Iterator[RowRung]] = {}

    def rung(self, component: Component, level: int) -> RowRung:
        """One of the component's rungs, counted from the top; below the last one is `VALUES`.

        They are worked out as they are asked for: most components need only the first.
        """
        known = self._known.setdefault(component.name, [])
        if component.name not in self._further:
            rungs = self._rungs(component) if component.statements else iter(())
            self._further[component.name] = rungs
        known += islice(self._further[component.name], max(0, level + 1 - len(known)))
        return known[level] if level < len(known) else VALUES

    def below(self, component: Component, level: int, *, failed: bool) -> int:
        """The next rung to try, by its number.

        Where a statement failed, no other order of triggers can help; other statements may.
        """
        here = self.rung(component, level)
        for number in count(level + 1):
            rung = self.rung(component, number)
            if not failed or rung.as_values or rung.folds != here.folds:
                return number
        raise AssertionError(component.name)

    def not_copied(self, component: Component) -> str:
        """Why some of a component's statements can not be copied; empty if all can."""
        found = ((s, why_not_copied(self._truth, s)) for s in component.statements)
        return next((f"{self._truth.statements[s].place}: {why}" for s, why in found if why), "")

    def _rungs(self, component: Component) -> Iterator[RowRung]:
        copied = not self.not_copied(component)
        for quiet in (False, True):
            known = self._folds(component, Way(quiet=quiet, whole=False))
            if known and known.chosen:
                yield RowRung(quiet=quiet, folds=known)
            if copied and not (known and known.stale):
                yield RowRung(quiet=quiet)
            if known and not known.chosen:
                yield RowRung(quiet=quiet, folds=known)
            whole = self._folds(component, Way(quiet=quiet, whole=True))
            if whole and whole != known:
                yield RowRung(quiet=quiet, folds=whole)
        if not copied and self._with_blocks(component) and self._made_up(component):
            yield from (RowRung(quiet=quiet) for quiet in (False, True))

    def _with_blocks(self, component: Component) -> bool:
        """Whether all can be copied if blocks are that wrote nothing but rows, this time.

        What an ALTER TABLE writes follows from the other rows and the table as it is in the end.
        """
        return all(
            not why_not_copied(self._truth, s)
            or follows_from_rows(self._truth.statements[s])
            or (is_block(self._truth, s) and s not in self._makers)
            for s in component.statements
        )

    @cached_property
    def _makers(self) -> frozenset[StatementId]:
        """The statements that made, changed or dropped objects."""
        trace = self._truth.trace
        touched = (*trace.touches.values(), *trace.vanished.values())
        touching = {touch.statement for touches in touched for touch in touches}
        return frozenset({*touching, *trace.created.values(), *trace.written.values()})

    def _folds(self, component: Component, way: Way) -> Folds | None:
        """What can be folded, if all that is left can be copied."""
        folds = self._folder.folded(component, self._target, way)
        left = (s for s in component.statements if not folds or s not in folds.corrections)
        return folds if folds and not any(why_not_copied(self._truth, s) for s in left) else None
