"""What a random statement may be: a registry of kinds, and what they are written with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from consolidate.names import literal
from tests.generative.model import Enum

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import DrawFn

    from tests.generative.model import Model

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes a statement: chooses what is left open, and notes what it does."""

    draw: DrawFn
    model: Model

    def pick(self, options: Sequence[T]) -> T:
        """One of them; the first is the simplest."""
        return self.draw(st.sampled_from(options))

    def flip(self) -> bool:
        """Yes or no."""
        return self.draw(st.booleans())

    def name(self, prefix: str) -> str:
        """A name that nothing has: a new one, or one that something had."""
        number = self.model.number()
        new = [f"{prefix}{number}", f"{prefix.upper()} {number}"]
        chosen = self.pick([*new, *self.model.free])
        if chosen in self.model.free:
            self.model.free.remove(chosen)
        return chosen

    def released(self, *names: str) -> None:
        """Notes that nothing has these names any more."""
        self.model.free.extend(names)

    def value(self, type_: str | Enum) -> str:
        """A constant of a type."""
        if isinstance(type_, Enum):
            return literal(self.pick(type_.labels))
        return TYPES[type_].format(self.pick((1, 2, 3)))


TYPES = {
    "integer": "{}",
    "bigint": "{}",
    "numeric": "{}.50",
    "text": "'word {}'",
    "varchar(40)": "'it''s {}'",
    "boolean": "{}::boolean",
    "date": "'2024-02-0{}'",
}
"""The types of columns, with how a constant is spelled for a small number."""

WIDER = {"integer": "bigint", "bigint": "numeric", "numeric": "text", "text": "varchar(40)"}
"""The types that a column's may be altered to, by what it is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of statement."""

    name: str
    targets: Callable[[Model], Sequence[Any]]
    """What one may be about as things stand; if there is nothing, there is no such statement."""
    write: Callable[[Pen, Any], str]
    """Writes one about a target, and notes in the model what it does."""


KINDS: dict[str, Kind] = {}


def kind(
    name: str, targets: Callable[[Model], Sequence[T]]
) -> Callable[[Callable[[Pen, T], str]], Callable[[Pen, T], str]]:
    """Registers what writes a kind of statement."""

    def register(write: Callable[[Pen, T], str]) -> Callable[[Pen, T], str]:
        KINDS[name] = Kind(name, targets, write)
        return write

    return register
