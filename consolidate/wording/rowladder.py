"""The ladder of rows: how those of one component can be written, from the best to the surest.

A correction that sets constants is folded into the rows before it: a reader then sees what the
table holds. One that works its values out of others (`SET a = b * 2`) says something that the
values alone do not, so the authors' statements come first there, and folding is for where they do
not hold. Where names have changed or columns are gone, they can not.

Last of these, every cell of the listed rows is held against the truth: whatever made it what it is,
an ALTER of its type or a block, it is written in the authors' layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count, islice
from typing import TYPE_CHECKING

from consolidate.wording.rowfold import Way
from consolidate.wording.rowkinds import why_not_copied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.model import ObjectId, Statement
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
        self, truth: Truth, folder: RowFolder, target: Callable[[Statement], ObjectId]
    ) -> None:
        self._truth = truth
        self._folder = folder
        self._target = target
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

    def _folds(self, component: Component, way: Way) -> Folds | None:
        """What can be folded, if all that is left can be copied."""
        folds = self._folder.folded(component, self._target, way)
        left = (s for s in component.statements if not folds or s not in folds.corrections)
        return folds if folds and not any(why_not_copied(self._truth, s) for s in left) else None
