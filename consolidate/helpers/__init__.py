"""The functions that help whoever runs the output's migrations, as migrations of their own.

`check_migration_status()` tells which migrations a database has recorded, and when;
`verify_schema_integrity()` examines a schema. What they answer stands in docs/reference/helpers.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TITLES: Mapping[str, str] = {
    "check_migration_status": "Which migrations this database has recorded, and when",
    "verify_schema_integrity": "Checks of the schema's integrity",
}
"""The name of each helper's migration, which is that of its function, and what it is about."""

REPLACEABLE: Mapping[str, str] = {name: f"public.{name}()" for name in TITLES}
"""Functions that must not stay beside a helper, by its name.

Who calls a helper without arguments would get the other one; or PostgreSQL refuses to make it, for
the columns that a function returns can not be changed.
"""

_REPLACES = "-- Takes the place of the function that the migrations before have made.\n"


@dataclass(frozen=True, slots=True)
class Helper:
    """One migration without its header, valid for `psql -X -1 -v ON_ERROR_STOP=1 -f`."""

    name: str
    title: str
    up: str
    """Makes the function in the schema `public`; it fails where there is one already."""
    down: str
    """Drops it, and leaves things as they were before `up`."""


def migrations(
    expected: Sequence[tuple[str, str]], replaced: Mapping[str, str] | None = None
) -> tuple[Helper, ...]:
    """The helpers in the order of `TITLES`.

    Args:
        expected: Version and name of every migration that a database should have, the helpers' own
            among them: `check_migration_status()` compares with this list. Versions may be worded
            as in file names (`20250101_000000`); the Supabase CLI's table has digits only, and the
            function compares without underscores.
        replaced: Those of `REPLACEABLE` that the migrations before have made, each with the
            statements that make it again as it was, its rights, owner and comment included.

    Raises:
        ValueError: The list is empty, two of its versions are the same without underscores, or
            something is to be replaced that no helper stands in for.
    """
    before = dict(replaced or {})
    if unknown := before.keys() - set(REPLACEABLE.values()):
        raise ValueError(f"no helper stands in for {', '.join(sorted(unknown))}")
    bare = [version.replace("_", "") for version, _ in expected]
    if not expected or len(set(bare)) < len(bare):
        raise ValueError("every migration needs a version of its own")
    return tuple(_helper(name, expected, before) for name in TITLES)


def _helper(name: str, expected: Sequence[tuple[str, str]], before: Mapping[str, str]) -> Helper:
    listed = ",\n".join(
        f"            ({names.literal(version)}, {names.literal(title)})"
        for version, title in expected
    )
    up = _text(f"{name}.sql").replace("{expected}", listed)
    down = _text(f"{name}_rollback.sql")
    old = REPLACEABLE[name]
    if old in before:
        up = f"{_REPLACES}DROP FUNCTION {old};\n\n{up}"
        down = f"{down}\n-- As it was before.\n{before[old].strip()}\n"
    return Helper(name, TITLES[name], up, down)


def _text(file: str) -> str:
    return files(__name__).joinpath(file).read_text(encoding="utf-8")
