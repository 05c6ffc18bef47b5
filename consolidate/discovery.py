"""Finds the configuration: the one that is named, or `mappings.yaml` here or above."""

from __future__ import annotations

from pathlib import Path

from consolidate import config as configuration
from consolidate.errors import InputProblem

DEFAULT_CONFIG = "mappings.yaml"


def find(named: Path | None, *, folder: Path | None) -> Path | None:
    """The configuration file, spelled from the working directory; None if there is none.

    Where none is named, `mappings.yaml` is looked for in the working directory and then in those
    above it, up to the root of the repository, which has a `.git`. Outside of a repository only
    the working directory counts: what lies above it is somebody else's.

    Args:
        named: What was asked for.
        folder: The legacy folder that was asked for; a configuration that was not named and speaks
            of another folder is not meant.

    Raises:
        InputProblem: What was asked for is not there; or what was found can not be used.
    """
    if named is not None:
        if not named.is_file():
            raise InputProblem(f"There is no configuration at {named}.")
        return named
    found = next((p for p in _candidates() if p.is_file()), None)
    if found is None or folder is None:
        return found
    meant = found.parent / configuration.load(found).legacy.path
    return found if meant.resolve() == folder.resolve() else None


def target(named: Path | None) -> Path:
    """Where the configuration is, or else where it would be begun: here.

    Args:
        named: What was asked for; it need not be there.
    """
    there = (path for path in _candidates() if path.is_file())
    return named or next(there, Path(DEFAULT_CONFIG))


def _candidates() -> list[Path]:
    """Where the file may be, the nearest first."""
    here = Path.cwd()
    above = [here, *here.parents]
    root = next((n for n, one in enumerate(above) if (one / ".git").exists()), 0)
    return [Path(*[".."] * number) / DEFAULT_CONFIG for number in range(root + 1)]
