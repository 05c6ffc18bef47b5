"""Puts an output into the layout of the runner that is to apply it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import additions, manifest
from consolidate.errors import InputProblem, UsageProblem
from consolidate.export import supabase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from consolidate.export.exported import Exported

_RUNNERS: dict[str, Callable[[Mapping[str, str]], Exported]] = {"supabase": supabase.export}


def runners() -> tuple[str, ...]:
    """Those whose layout can be written, in alphabetical order."""
    return tuple(sorted(_RUNNERS))


def require_runner(name: str) -> None:
    """Whether that runner's layout is known.

    Raises:
        UsageProblem: It is not.
    """
    if name not in _RUNNERS:
        raise UsageProblem(
            f"there is no export for the runner “{name}”",
            hint=f"there is one for {', '.join(runners())}",
        )


def export(runner: str, tree: Mapping[str, str]) -> Exported:
    """An output as a runner wants it.

    Args:
        runner: One of `runners()`.
        tree: The output's files, as they are on disk.

    Raises:
        UsageProblem: There is no such runner here.
        InputProblem: It is no output, was edited since it was written, or has names that the
            runner can not tell apart or would not read.
    """
    require_runner(runner)
    read_manifest(tree)
    return _RUNNERS[runner](tree)


def read_manifest(tree: Mapping[str, str]) -> manifest.Manifest:
    """The manifest of an output that is as it was written, what its team has added aside.

    Raises:
        InputProblem: There is none, or files are not those that it lists.
    """
    told = manifest.parse(manifest.found_in(tree))
    theirs = additions.of_the_team(tree, told)
    ours = {path: text for path, text in tree.items() if path not in theirs}
    problems = [f"{path}: not the file in the manifest" for path in manifest.edited(ours, told)]
    problems += [f"{path}: not written by this program" for path in manifest.foreign(ours, told)]
    if problems:
        raise InputProblem(
            "The output is not what was written and proven.",
            problems=tuple(problems),
            hint="`consolidate run` writes edited files anew; files of others have to be moved"
            " away. `consolidate verify` proves what is on disk.",
        )
    return told
