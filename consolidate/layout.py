"""Where the files of an output stand, and in which order they apply."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

EMERGENCY = "rollback/emergency_rollback.sql"
"""Takes back everything at once."""
TAIL = "tail/"
"""Where the legacy migrations stand that are not consolidated, under their own names."""


def in_order(paths: Iterable[str]) -> tuple[str, ...]:
    """The baseline's files as they are applied: by the bytes of their paths, the seeds last."""
    found = [path for path in paths if path.endswith(".sql")]
    return tuple(
        path
        for folder in ("migrations/", "seed/")
        for path in sorted(found, key=str.encode)
        if path.startswith(folder)
    )


def rollback_of(path: str) -> str:
    """Where the rollback of a file stands."""
    place = PurePosixPath(path)
    return f"rollback/{place.parent.name}/{place.stem}_rollback.sql"


def supabase_seed(path: str) -> str:
    """Where a seed stands below the folder `supabase` of an exported project."""
    return f"seeds/{path.removeprefix('seed/')}"


def seed_paths(seeds: Iterable[str]) -> str:
    """What `supabase/config.toml` has to say for `supabase db reset` to load these in this order.

    `supabase db push` runs no seeds, unless it is told `--include-seed`.
    """
    listed = "".join(f'  "./{supabase_seed(path)}",\n' for path in seeds)
    return f"[db.seed]\nenabled = true\nsql_paths = [\n{listed}]\n" if listed else ""
