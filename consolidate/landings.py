"""Keeps the states of a database between the files that build it, for the way down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.catalog.digest import Reading
    from consolidate.catalog.rows import Rows
    from consolidate.model import Fact, ObjectId, Snapshot


@dataclass(frozen=True, slots=True)
class Landing:
    """The database between two files."""

    files: int
    """How many were applied."""
    catalogs: Reading
    """Where two states of one database share it, they share all facts."""
    rows: Rows


class Stairs:
    """The facts between the files, from the empty database up.

    Neighbours differ little: only their differences are kept.
    """

    def __init__(self) -> None:
        self._steps: list[tuple[frozenset[Fact], frozenset[Fact]]] = []
        """What came and what went with each file."""
        self._here: Snapshot | None = None
        self._at = 0
        """Which state the one at hand is."""

    def push(self, snapshot: Snapshot) -> None:
        """Adds the state that follows the topmost."""
        if self._here is not None:
            below = self.facts(len(self._steps)).facts
            self._steps.append((snapshot.facts - below, below - snapshot.facts))
        self._here, self._at = snapshot, len(self._steps)

    def facts(self, number: int) -> Snapshot:
        """The facts after that many files; near ones are had quickly, one after the other.

        Raises:
            LookupError: So many were never pushed.
        """
        if self._here is None or not 0 <= number <= len(self._steps):
            raise LookupError(number)
        here = self._here.facts
        for came, went in reversed(self._steps[number : self._at]):
            here = (here - came) | went
        for came, went in self._steps[self._at : number]:
            here = (here - went) | came
        self._here, self._at = replace(self._here, facts=here), number
        return self._here

    @property
    def changed(self) -> frozenset[tuple[ObjectId, str]]:
        """The attributes that came, went or changed with some file."""
        return frozenset(
            (fact.object, fact.attribute) for step in self._steps for some in step for fact in some
        )


class Landings:
    """The facts between the files, read when the first are asked for."""

    def __init__(self, climb: Callable[[int], Iterator[Snapshot]]) -> None:
        self._climb = climb
        self._stairs: Stairs | None = None

    def prepare(self, number: int) -> None:
        """Reads them now, where that can not be done beside the proof; as far up as it goes."""
        self._climbed(number)

    def facts(self, number: int) -> Snapshot:
        """The facts after that many files; first asked for by the highest number."""
        return (self._stairs or self._climbed(number)).facts(number)

    def _climbed(self, number: int) -> Stairs:
        self._stairs = stairs = Stairs()
        for snapshot in self._climb(number):
            stairs.push(snapshot)
        return stairs
