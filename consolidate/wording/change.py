"""One attribute of the platform's object that a history changed, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.catalog.casts import Casts
    from consolidate.model import ObjectId


class NoWayBack(Exception):  # noqa: N818 - a fact about PostgreSQL, not a failure of ours
    """There is no statement that takes a change back; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An attribute, named as the catalog facts name it."""

    object: ObjectId
    attribute: str
    before: Mapping[str, str]
    """All attributes of the object as they shall be again."""
    after: Mapping[str, str]
    """All attributes as the history left them."""
    major: int
    """Of the server."""
    casts: Casts = frozenset()
    """Those that the server has."""

    @property
    def old(self) -> str | None:
        """The former value; None where the attribute said nothing."""
        return self.before.get(self.attribute)

    @property
    def new(self) -> str | None:
        """The value that the history left."""
        return self.after.get(self.attribute)

    @property
    def option(self) -> str:
        """The name behind the words `option` or `server option`."""
        return self.attribute.rpartition("option ")[2]

    def chosen(self, given: str, default: str) -> str:
        """`given` with the former value put in, or what goes back to the default."""
        return default if self.old is None else given.format(self.old)


def set_or_reset(option: str, value: str | None) -> str:
    """The action that gives a storage option its value, or takes it away."""
    return f"RESET ({option})" if value is None else f"SET ({option} = {names.literal(value)})"


def foreign_options(change: Change) -> str:
    """`OPTIONS (…)` of whatever is foreign.

    Raises:
        NoWayBack: The catalog keeps only a digest of the value, because it may be a secret.
    """
    name = names.quote(change.option)
    if change.old is None:
        return f"OPTIONS (DROP {name})"
    if change.object.kind == "user mapping":
        raise NoWayBack("only its author knows the former value of an option")
    verb = "ADD" if change.new is None else "SET"
    return f"OPTIONS ({verb} {name} {names.literal(change.old)})"


def unknown(change: Change) -> NoWayBack:
    """What is raised where no statement is known, or PostgreSQL has none."""
    return NoWayBack(f"nothing is known to take back its {change.attribute}")
