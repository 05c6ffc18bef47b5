"""Remembers how to take back what a transaction changes, for ROLLBACK.

Every change while a transaction is open is written down as what undoes it, newest last: time and
memory go with the changes, whatever the size of the world.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class _Mark:
    name: str | None
    """A savepoint's; None for the beginning of the transaction."""
    position: int


@dataclass(slots=True)
class Journal:
    """The changes of the transaction that is open, if one is."""

    _undo: list[Callable[[], object]] = field(default_factory=list)
    _marks: list[_Mark] = field(default_factory=list)
    names: int = 0
    """How often a name has changed, so that what was spelled out once can be kept until then."""

    @property
    def is_open(self) -> bool:
        """Whether a transaction is open."""
        return bool(self._marks)

    def record(self, undo: Callable[[], object]) -> None:
        """Writes down how to take back a change that is made now."""
        if self._marks:
            self._undo.append(undo)

    def begin(self) -> None:
        """BEGIN; within a transaction it does nothing."""
        if not self._marks:
            self._marks.append(_Mark(None, 0))

    def commit(self) -> None:
        """What was changed stays."""
        self._undo.clear()
        self._marks.clear()

    def roll_back(self) -> None:
        """Takes back all since BEGIN."""
        self._back_to(0)
        self.commit()

    def savepoint(self, name: str) -> None:
        """A place to come back to; a savepoint may hide another one of its name."""
        if self._marks:
            self._marks.append(_Mark(name, len(self._undo)))

    def release(self, name: str) -> None:
        """Forgets a savepoint and those behind it; an unknown one is PostgreSQL's to refuse."""
        number = self._find(name)
        if number is not None:
            del self._marks[number:]

    def roll_back_to(self, name: str) -> bool:
        """Takes back all since the savepoint, which stays; False if there is none of that name."""
        number = self._find(name)
        if number is None:
            return False
        self._back_to(self._marks[number].position)
        del self._marks[number + 1 :]
        return True

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Takes back all that is changed meanwhile, within a transaction or without one."""
        before = list(self._marks)
        self._marks.append(_Mark(None, len(self._undo)))
        try:
            yield
        finally:
            self._back_to(self._marks[len(before)].position)
            self._marks = before

    def _find(self, name: str) -> int | None:
        named = (n for n in range(len(self._marks) - 1, -1, -1) if self._marks[n].name == name)
        return next(named, None)

    def _back_to(self, position: int) -> None:
        pending = self._undo[position:]
        del self._undo[position:]
        marks, self._marks = self._marks, []  # what takes back is no change of its own
        for undo in reversed(pending):
            undo()
        self._marks = marks
