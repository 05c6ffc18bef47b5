"""Finds all legacy files that do not apply, by going on after each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.empty_database import platform
from consolidate.replay import DoesNotReplay, apply_file, execute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.model import Manner, Statement
    from consolidate.replay import Failure
    from consolidate.servers.interface import Server


def survey(
    server: Server, prelude: str, files: Sequence[tuple[Statement, ...]], manner: Manner
) -> tuple[Failure, ...]:
    """The first failure of each file that does not apply, in apply order.

    A file that fails has no effect: what its runner had committed of it by then is gone in the
    next round, which replays only the files that have not failed. The last round has no failure,
    so the files that are not named here do replay, as their runner applies them.

    Raises:
        InputProblem: The prelude fails.
    """
    failed: dict[str, Failure] = {}
    while True:
        rest = [file for file in files if file and file[0].path not in failed]
        found = _round(server, prelude, rest, manner)
        if not found:
            break
        failed |= {failure.statement.path: failure for failure in found}
    order = {file[0].path: number for number, file in enumerate(files) if file}
    return tuple(sorted(failed.values(), key=lambda failure: order[failure.statement.path]))


def _round(
    server: Server, prelude: str, files: Sequence[tuple[Statement, ...]], manner: Manner
) -> list[Failure]:
    failures = []
    with platform(server, prelude) as (_, connection):
        for number, statements in enumerate(files):
            if number == 0 or not manner.keeps_session:
                execute(connection, "DISCARD ALL")
            try:
                apply_file(connection, statements, manner)
            except DoesNotReplay as problem:
                failures.append(problem.failure)
                execute(connection, "ROLLBACK")
    return failures
