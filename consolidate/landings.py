"""Keeps the facts of a database between the files that build it, for the way down."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.model import Fact, Snapshot


class Landings:
    """The facts between the files, from the top down; read when the first are asked for.

    Neighbours differ little: only their differences are kept.
    """

    def __init__(self, climb: Callable[[int], Iterator[Snapshot]]) -> None:
        self._climb = climb
        self._steps: list[tuple[frozenset[Fact], frozenset[Fact]]] = []
        self._here: Snapshot | None = None

    def prepare(self, number: int) -> None:
        """Reads them now, where that can not be done beside the proof; as far up as it goes."""
        self._climbed(number)

    def facts(self, number: int) -> Snapshot:
        """The facts after that many files; asked for with numbers that fall."""
        here = self._here or self._climbed(number)
        while len(self._steps) > number:
            came, went = self._steps.pop()
            here = replace(here, facts=(here.facts - came) | went)
        self._here = here
        return here

    def _climbed(self, number: int) -> Snapshot:
        snapshots = self._climb(number)
        self._here = here = next(snapshots)
        for after in snapshots:
            self._steps.append((after.facts - here.facts, here.facts - after.facts))
            self._here = here = after
        return here
