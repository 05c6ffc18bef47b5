"""Drills the rollbacks of an output on throwaway databases: one by one, at once, and with rows.

Nothing of how the files came to be is known here, nor what the legacy history builds: each state
is compared with the one that was taken of the same database on the way up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import chance
from consolidate.applying import Stuck
from consolidate.catalog import rows
from consolidate.depth import Depth
from consolidate.drill.course import Course
from consolidate.drill.drilled import NAME, Drilled, File
from consolidate.drill.filling import Coverage
from consolidate.empty_database import platform
from consolidate.lines import alongside
from consolidate.stairway import Stairway, told_after
from consolidate.waivers import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import psycopg

    from consolidate.lines import Lines
    from consolidate.model import Difference
    from consolidate.servers.interface import Server
    from consolidate.waivers import Waived

__all__ = ["NAME", "Coverage", "Drilled", "File", "drill"]


def drill(  # noqa: PLR0913 - what it starts from, and how it is to be done
    prelude: str,
    tree: Mapping[str, str],
    server: Server,
    *,
    depth: Depth = Depth.FULL,
    waived: Waived = NOTHING,
    progress: Callable[[str], None] = lambda _: None,
) -> Drilled:
    """Takes the files of an output back in every way that there is.

    Args:
        prelude: What the empty database holds.
        tree: The output, without what came after its baseline.
        server: Where to build it.
        depth: How much is tried.
        waived: What does not count.
        progress: Told what begins.

    Raises:
        ServerTrouble: The server can not go on.
    """
    with alongside(
        lambda lines: _at_once(prelude, tree, server, depth, waived, lines),
        really=server.side_by_side,
    ) as other:
        first, version, coverage = _first(prelude, tree, server, depth, waived, progress)
        progress("take back everything at once")
        second = other()
    return Drilled(
        server=server.url,
        version=version,
        depth=depth,
        files=first.files(),
        differences=(*first.differences, *second.differences, *_rows(first, second, waived, depth)),
        deeper=first.deeper,
        coverage=coverage,
    )


def _first(  # noqa: PLR0913, PLR0917 - what `drill` was told
    prelude: str,
    tree: Mapping[str, str],
    server: Server,
    depth: Depth,
    waived: Waived,
    progress: Callable[[str], None],
) -> tuple[Course, str, Coverage | None]:
    """File by file, on one database; where a rollback leaves what it declares, then on another."""
    with platform(server, prelude) as (cluster, connection):
        version = cluster.version
        course = Course(Stairway(connection, tree, waived), waived)
        holds = _one_by_one(course, depth, progress)
        coverage = None
        if holds and not course.leaves:
            coverage = _again(course, depth, progress)
    if holds and course.leaves:
        with platform(server, prelude) as (_, connection):
            course.go_on(Stairway(connection, tree, waived))
            coverage = _again(course, depth, progress)
    return course, version, coverage


def _one_by_one(course: Course, depth: Depth, progress: Callable[[str], None]) -> bool:
    """Up, and down again; whether it came so far."""
    full = depth is Depth.FULL
    try:
        progress("apply every file" + (", take it back and apply it again" if full else ""))
        landings = course.climb_and_take_back() if full else course.climb()
        progress("take back every file")
        course.descend(landings)
    except Stuck as stuck:
        course.stopped(stuck)
        return False
    return True


def _again(course: Course, depth: Depth, progress: Callable[[str], None]) -> Coverage | None:
    """Up once more, and down with rows in every table."""
    try:
        progress("apply every file again")
        landings = course.again()
        if depth is not Depth.FULL:
            return None
        progress("take back every file with rows in every table")
        coverage = course.fill()
        course.descend_with_rows(landings)
    except Stuck as stuck:
        course.stopped(stuck)
        return None
    return coverage


def _at_once(  # noqa: PLR0913, PLR0917 - what `drill` was told
    prelude: str,
    tree: Mapping[str, str],
    server: Server,
    depth: Depth,
    waived: Waived,
    lines: Lines | None,
) -> Course:
    """Everything at once, on another database, whose object and transaction ids are others."""
    with platform(server, prelude, perturbed=True, lines=lines) as (_, connection):
        _draw_otherwise(connection, tree)
        course = Course(Stairway(connection, tree, waived), waived)
        holds = _down_at_once(course)
        if holds and not course.leaves:
            _again_at_once(course, depth)
    if holds and course.leaves:
        with platform(server, prelude, perturbed=True, lines=lines) as (_, connection):
            _draw_otherwise(connection, tree)
            course.go_on(Stairway(connection, tree, waived))
            _again_at_once(course, depth)
    return course


def _draw_otherwise(connection: psycopg.Connection, tree: Mapping[str, str]) -> None:
    if chance.is_ours(connection, tree.values()):
        chance.otherwise(connection)


def _down_at_once(course: Course) -> bool:
    try:
        landings = course.climb()
        course.descend_at_once(landings[0])
    except Stuck as stuck:
        course.stopped(stuck)
        return False
    return True


def _again_at_once(course: Course, depth: Depth) -> None:
    try:
        landings = course.again()
        if depth is Depth.FULL:
            course.fill()
            course.at_once_with_rows(landings[-1], landings[0])
    except Stuck as stuck:
        course.stopped(stuck)


def _rows(first: Course, second: Course, waived: Waived, depth: Depth) -> list[Difference]:
    """How rows come out when files are applied once more.

    What two databases do not share that have gone the same way is volatile, and differs each time.
    Of a full drill the first top is of files that were applied twice already.
    """
    if min(len(first.tops), len(second.tops)) < 2:  # noqa: PLR2004 - up, and up again
        return []
    twice = first.tops[0 if depth is Depth.FULL else 1]
    once = rows.mark(second.tops[0], first.tops[0])
    found = rows.compare(once, rows.mark(twice, second.tops[1]))
    return told_after("up again", waived.kept("rows", found))
