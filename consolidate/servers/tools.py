"""Runs PostgreSQL's client tools, told how to connect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.servers import processes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from consolidate.servers.programs import Programs

_CONNECTING = frozenset({"pg_dump", "pg_dumpall", "psql"})
_LINES = 8


def run(  # noqa: PLR0913 - a call of a program has that many sides
    programs: Programs,
    name: str,
    args: Sequence[str],
    *,
    where: Sequence[str],
    stdin: bytes | None = None,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Runs one client tool as ourselves and returns what it prints.

    `pg_dump`, `pg_dumpall` and `psql` are told how to connect; `pg_restore` only where it is
    told to which database, since it also turns archives into text.

    Args:
        programs: Where it lies.
        name: Such as `pg_dump`.
        args: Its arguments less those that say how to connect.
        where: These.
        stdin: What it reads; nothing by default.
        environment: Variables for it, such as PGPASSWORD: other accounts see a program's
            arguments, but not its variables.

    Raises:
        EnvironmentProblem: The tool failed; the problems are its own last lines.
    """
    named = any(arg.startswith(("-d", "--dbname")) for arg in args)
    options = [*where, "-w"] if named or name in _CONNECTING else []
    if name == "psql":
        options.append("-X")
    command: list[str | Path] = [programs.folder / name, *options, *args]
    try:
        result = processes.run(command, stdin=stdin, environment=environment)
    except OSError as error:
        raise EnvironmentProblem(f"{name} can not be run: {error}") from error
    if result.returncode != 0:
        raise EnvironmentProblem(
            f"{name} {programs.version} failed with exit code {result.returncode}",
            problems=last_lines(result.stderr),
        )
    return result.stdout


def last_lines(output: bytes) -> tuple[str, ...]:
    """What a program said last: the lines that tell why it failed."""
    return tuple(output.decode(errors="replace").strip().splitlines()[-_LINES:])
