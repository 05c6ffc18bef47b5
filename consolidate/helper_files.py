"""Writes the helper functions as new migrations, which follow the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from consolidate import helpers, layout
from consolidate.groups.versions import later
from consolidate.model import ObjectId
from consolidate.phrases import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.catalog.dump import Entry
    from consolidate.truth import Truth

_ABOUT = frozenset({"ACL", "COMMENT"})
"""Types of entries that tell more of the one they depend on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """One migration without a legacy, and its rollback."""

    path: str
    title: str
    text: str
    rollback: str
    """The rollback's text."""

    @property
    def files(self) -> Mapping[str, str]:
        """Both texts by their paths."""
        return {self.path: self.text, layout.rollback_of(self.path): self.rollback}


def build(baseline: Iterable[str], phase: str, truth: Truth) -> tuple[NewFile, ...]:
    """The helpers' migrations, in apply order.

    Their versions follow the baseline's last. A function of the baseline whose place one takes is
    there again after its rollback.

    Args:
        baseline: The paths of the baseline's files.
        phase: The folder that they go to, the last one.
        truth: What the legacy history builds.
    """
    before = [_parts(path) for path in layout.in_order(baseline) if path.startswith("migrations/")]
    last = before[-1][0] if before else "20000101_000000"
    ours = [(later(last, n), name) for n, name in enumerate(helpers.TITLES, 1)]
    made = []
    replaced = {
        function: text
        for function in helpers.REPLACEABLE.values()
        if (text := _as_it_was(function, truth))
    }
    for (version, _), helper in zip(
        ours, helpers.migrations([*before, *ours], replaced), strict=True
    ):
        path = f"migrations/{phase}/{version}_{helper.name}.sql"
        rollback = layout.rollback_of(path)
        made.append(
            NewFile(
                path=path,
                title=helper.title,
                text=f"-- {one_line(helper.title)}\n-- Rollback: {rollback}\n-- New: no legacy"
                f" migration is behind it.\n\n{helper.up}",
                rollback=f"-- Takes back {path}.\n\n{helper.down}",
            )
        )
    return tuple(made)


def _parts(path: str) -> tuple[str, str]:
    """Version and name of a migration: the first two words of digits, and the rest."""
    words = PurePosixPath(path).stem.split("_")
    return "_".join(words[:2]), "_".join(words[2:])


def _as_it_was(function: str, truth: Truth) -> str:
    """The statements that make a function of the history again; empty if it has none such."""
    wanted = ObjectId("function", function)
    made = [entry for entry in truth.entries if truth.names.get(entry.dump_id) == wanted]
    about = [entry for entry in truth.entries for one in made if _is_about(entry, one)]
    return "\n\n".join(entry.text.strip() for entry in (*made, *about))


def _is_about(entry: Entry, other: Entry) -> bool:
    return entry.type in _ABOUT and other.dump_id in entry.dependencies
