r"""Which parts of a script an `\if` leaves in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.psql.refusal import Refusal
from consolidate.psql.variables import boolean

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = frozenset({"if", "elif", "else", "endif"})
"""The commands that are obeyed in branches that are not in force, too."""


@dataclass(slots=True)
class _Branch:
    at: int
    holds: bool
    """Whether this branch is in force, if what surrounds it is."""
    decided: bool
    """Whether one of the branches so far was in force, or none can be."""
    last: bool = False
    r"""Whether it is that of an `\else`."""


class Branches:
    r"""The `\if`s of one script that have no `\endif` yet."""

    def __init__(self) -> None:
        self._stack: list[_Branch] = []

    @property
    def active(self) -> bool:
        """Whether what stands here is in force."""
        return all(branch.holds for branch in self._stack)

    @property
    def opened_at(self) -> int | None:
        r"""Where the innermost `\if` stands."""
        return self._stack[-1].at if self._stack else None

    def obey(self, word: str, at: int, condition: Callable[[], str]) -> None:
        """Opens, changes or closes a branch; the condition is asked for only where it counts.

        Raises:
            Refusal: The commands do not fit each other, or the condition is no truth value.
        """
        if word == "if":
            self._open(at, condition)
            return
        if not self._stack:
            raise Refusal(rf"\{word} without an \if; take it out, or write the \if before it")
        branch = self._stack[-1]
        if word == "endif":
            self._stack.pop()
            return
        if branch.last:
            raise Refusal(rf"\{word} behind \else; write it before, or nest it")
        branch.last = word == "else"
        branch.holds = not branch.decided and (word == "else" or boolean(condition()))
        branch.decided = branch.decided or branch.holds

    def _open(self, at: int, condition: Callable[[], str]) -> None:
        # In a part that is not in force no branch of it can be.
        branch = _Branch(at=at, holds=False, decided=not self.active)
        self._stack.append(branch)
        if not branch.decided:
            branch.holds = branch.decided = boolean(condition())
