"""Words the transaction that moves a runner's history table to the consolidated history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import additions, export
from consolidate.cutover import expected, supabase
from consolidate.errors import InputProblem, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.cutover.supabase import Cutover

RUNNERS = ("supabase",)
"""Those whose history table can be cut over."""


def cutover(runner: str, tree: Mapping[str, str], applied: str | None = None) -> Cutover:
    """What replaces the legacy rows of a runner's history table.

    The rows that come stand for the baseline. New migrations have none: they are not applied yet,
    and the runner is to apply them.

    Args:
        runner: One of `RUNNERS`.
        tree: The output's files, as they are on disk.
        applied: The versions that the table holds, as they were printed; derived from the names
            of the legacy files if not given.

    Raises:
        UsageProblem: There is no cutover for that runner.
        InputProblem: The output can not be exported, `applied` can not be read, or without it no
            row is expected.
    """
    if runner not in RUNNERS:
        raise UsageProblem(
            f"there is no cutover for the runner “{runner}”",
            hint=f"there is one for {', '.join(RUNNERS)}",
        )
    exported = export.export(runner, tree)
    before = expected.derived(file.path for file in export.read_manifest(tree).inputs)
    if applied is not None:
        before = expected.held_against(expected.told(applied), before)
    elif not before.versions:
        raise InputProblem(
            "No legacy file has a version that this runner would have recorded.",
            problems=before.warnings[:-1],
            hint="If its table has rows all the same, name them with --applied.",
        )
    new = len(additions.part(tree).new)
    recorded = exported.migrations[: len(exported.migrations) - new]  # what is new applies last
    return supabase.Cutover(before=before.versions, after=recorded, warnings=before.warnings)
