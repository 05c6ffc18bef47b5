"""What a made-up team has built so far: enough of it to write statements that apply."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

_T = TypeVar("_T")


class Dice:
    """Chance that falls alike on every Python.

    Only `random()` is promised to give the same numbers for a seed in every version.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - nothing here is a secret

    def below(self, limit: int) -> int:
        """A number from 0 to just below the limit."""
        return int(self._random.random() * limit)

    def happens(self, share: float) -> bool:
        """True in that share of all calls."""
        return self._random.random() < share

    def one(self, choices: Sequence[_T]) -> _T:
        """One of them, each as likely as the others."""
        return choices[self.below(len(choices))]

    def weighted(self, choices: Sequence[tuple[int, _T]]) -> _T:
        """One of them, by its weight."""
        left = self.below(sum(weight for weight, _ in choices))
        for weight, choice in choices:
            left -= weight
            if left < 0:
                return choice
        raise AssertionError("the weights are used up")


@dataclass(slots=True)
class Column:
    """One column of a table."""

    name: str
    type: str
    indexes: set[str] = field(default_factory=set)
    viewed: bool = False
    """Whether a view shows it, so that it must stay as it is."""
    checked: bool = False
    """Whether a constraint or a policy names it."""


@dataclass(slots=True)
class Table:
    """One table, its key being `id`."""

    name: str
    key: str
    """The type of its key: `bigint` or `uuid`."""
    columns: list[Column]
    number: int
    """Drawn once; names of what belongs to the table end in it."""
    indexes: list[str] = field(default_factory=list)
    views: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    pointed_at: bool = False
    triggered: bool = False
    rows: int = 0

    @property
    def free(self) -> list[Column]:
        """Columns that may go or change, since nothing hangs on them."""
        return [c for c in self.columns if not (c.indexes or c.viewed or c.checked)]

    def of_type(self, *types: str) -> list[Column]:
        """Columns of one of these types."""
        return [column for column in self.columns if column.type in types]


@dataclass(slots=True)
class Enum:
    """One enum and its labels."""

    name: str
    labels: list[str]


@dataclass(slots=True)
class World:
    """Everything that stands after the statements written so far."""

    dice: Dice
    tables: list[Table] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    functions: list[tuple[str, Table]] = field(default_factory=list)
    """Functions, each with the table that its body reads."""
    _drawn: int = 0

    def number(self) -> int:
        """A number that was not drawn before."""
        self._drawn += 1
        return self._drawn

    def near(self) -> Table:
        """A table, most likely one of the latest: that is where a team works."""
        count = len(self.tables)
        recent = min(count, 12)
        if self.dice.happens(0.7):
            return self.tables[count - 1 - self.dice.below(recent)]
        return self.dice.one(self.tables)
