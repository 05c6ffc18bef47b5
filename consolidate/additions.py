"""Which files of an output are *new*: migrations that came after the baseline.

The baseline is what the manifest lists and does not mark as new; it stands for the legacy history
and is proven against it. What applies after the baseline has no legacy behind it: helpers, which
are written by us and marked in the manifest, and the migrations of the team, which the manifest
does not know and which are theirs to edit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import layout, manifest
from consolidate.errors import InputProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.manifest import Manifest

_MIGRATION = re.compile(r"migrations/[^/]+/[^/]+\.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """An output, in two."""

    baseline: Mapping[str, str]
    """What stands for the legacy history, the manifest included."""
    new: tuple[str, ...]
    """The migrations after it, in apply order."""
    tail: frozenset[str]
    """The files of the legacy history that stay as they are."""


def part(tree: Mapping[str, str]) -> Parted:
    """Tells the baseline of an output from what came after it.

    Raises:
        InputProblem: Its manifest can not be read.
    """
    told = manifest.parse(tree.get(manifest.PATH, ""))
    marked = {output.path for output in told.outputs if output.new}
    tail = frozenset(path for path in tree if path.startswith(layout.TAIL))
    later = marked | of_the_team(tree, told)
    return Parted(
        baseline={
            path: text for path, text in tree.items() if path not in later and path not in tail
        },
        new=tuple(path for path in layout.in_order(tree) if path in later),
        tail=tail,
    )


def of_the_team(paths: Iterable[str], told: Manifest) -> frozenset[str]:
    """The migrations that apply after the baseline's last and that we did not write.

    Their rollbacks are among them. A file that is neither is not the team's but foreign.
    """
    known = {output.path for output in told.outputs}
    last = _last_of(output.path for output in told.outputs if not output.new)
    unknown = set(paths) - known
    added = {p for p in unknown if _MIGRATION.fullmatch(p) and p.encode() > last.encode()}
    return frozenset(added | ({layout.rollback_of(path) for path in added} & unknown))


def require_after(baseline: Iterable[str], added: Iterable[str]) -> None:
    """Sees to it that what a team added still applies after a baseline that is new itself.

    Args:
        baseline: The paths of the output to be written.
        added: Those of the team's files in the output that is there.

    Raises:
        InputProblem: A file of theirs would apply earlier, or has a name that is taken.
    """
    ours = set(baseline)
    last = _last_of(ours)
    problems = []
    for path in sorted(added):
        if path in ours:
            problems.append(f"{path}: the consolidated history has a file of that name")
        elif path.startswith("migrations/") and path.encode() <= last.encode():
            problems.append(f"{path}: it would apply before {last}")
    if problems:
        raise InputProblem(
            "New migrations do not apply after the consolidated ones any more.",
            problems=tuple(problems),
            hint="Rename them, and their rollbacks, to a later version.",
        )


def _last_of(paths: Iterable[str]) -> str:
    """The migration that applies last; empty if there is none."""
    return max((p for p in paths if _MIGRATION.fullmatch(p)), key=str.encode, default="")
