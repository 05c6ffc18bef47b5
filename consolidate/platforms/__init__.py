"""What the empty database of each built-in platform already holds, as SQL text.

It reads package data only; applying a prelude to a server is the replay's job.
"""

from __future__ import annotations

from importlib.resources import files

from consolidate.errors import UsageProblem

_FILES: dict[str, str | None] = {"plain": None, "supabase": "supabase.sql"}


def names() -> tuple[str, ...]:
    """The built-in platforms, in alphabetical order; `plain` is PostgreSQL as initdb leaves it."""
    return tuple(sorted(_FILES))


def prelude(name: str) -> str:
    """The SQL that turns a fresh cluster's first database into the platform's empty one.

    Meant for a superuser called `postgres` on a cluster that nobody else uses: it creates roles,
    and roles belong to the whole cluster. It holds no psql commands and no transaction commands,
    so that it runs as one string, and no value that reads the clock, so that two runs are alike.

    Returns:
        The text; empty for `plain`.

    Raises:
        UsageProblem: There is no built-in platform of that name.
    """
    if name not in _FILES:
        raise UsageProblem(
            f"there is no built-in platform “{name}”",
            hint=f"the built-in ones are {', '.join(names())}; --prelude FILE gives your own",
        )
    file = _FILES[name]
    return "" if file is None else files(__name__).joinpath(file).read_text(encoding="utf-8")
