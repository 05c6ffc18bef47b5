"""Compares any two databases, those that exist and those that files build: `consolidate diff`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import clusterwide, platforms, requirements
from consolidate.catalog import rows, witnesses
from consolidate.comparison import likeness, looking, sides
from consolidate.comparison.sides import Existing, Recipe
from consolidate.empty_database import piece
from consolidate.errors import EnvironmentProblem, InputProblem, UsageProblem
from consolidate.history import reading
from consolidate.model import Check, CheckStatus
from consolidate.phrases import counted, listed
from consolidate.replay import DoesNotReplay
from consolidate.servers import AUTO, Choice, at_hand, choose, open_server
from consolidate.verdict import Verdict
from consolidate.waivers import Waived

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from consolidate.comparison.looking import Seen
    from consolidate.comparison.sides import Side
    from consolidate.model import Difference
    from consolidate.servers.interface import Server

_UNNAMED = """
DO $$ BEGIN
    IF shobj_description((SELECT oid FROM pg_database WHERE datname = current_database()),
            'pg_database') = 'default administrative connection database' THEN
        EXECUTE format('COMMENT ON DATABASE %I IS NULL', current_database());
    END IF;
END $$;
"""
"""What initdb says of a cluster's first database is said of no other."""

EXISTING = "existing"
"""Stands for a server where neither side had to be built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be compared, and how."""

    left: str
    right: str
    servers: tuple[str, ...] = ()
    """Where to build what has to be built."""
    allow_cluster_changes: bool = False
    platform: str | None = None
    prelude: Path | None = None
    waive: tuple[str, ...] = ()
    timeout: int = 60
    """Seconds that a query may take on a database that exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Everything that a comparison starts from, read and checked."""

    left: Side
    right: Side
    waived: Waived
    prelude: str
    servers: tuple[Server | None, ...]
    """One comparison each; None where nothing is to be built."""
    timeout: int
    talk: tuple[str, ...]
    """What was chosen, and why, a line each."""


def prepare(asked: Asked) -> Prepared:
    """Opens both sides, and chooses where to build.

    Raises:
        UsageProblem: A server, platform or waiver that there is not.
        InputProblem: A side can not be read.
        EnvironmentProblem: No server suits, or one does not answer.
    """
    waived = Waived.of(asked.waive)
    left, right = _opened(asked)
    built = [side for side in (left, right) if isinstance(side, Recipe)]
    platform, why = _platform(asked, built)
    choices = list(_servers(asked, left, right, built))
    talk = [f"{place}: {_told(side)}" for place, side in (("left", left), ("right", right))]
    if built:
        talk.append(f"platform: {platform}{why}")
    talk += [f"server: {choice.server.url}, {choice.reason}" for choice in choices]
    servers = tuple(choice.server for choice in choices)
    for side in built:
        requirements.require(side.needs, servers)
        clusterwide.require(side.files, servers)
    return Prepared(
        left=left,
        right=right,
        waived=waived,
        prelude=_prelude(asked, platform, built) if built else "",
        servers=servers or (None,),
        timeout=asked.timeout,
        talk=tuple(talk),
    )


def _opened(asked: Asked) -> tuple[Side, Side]:
    """Both sides, or what is wrong with either."""
    opened: list[Side] = []
    wrong: list[InputProblem] = []
    for text in (asked.left, asked.right):
        try:
            opened.append(sides.named(text))
        except InputProblem as problem:
            wrong.append(problem)
    if not wrong:
        return opened[0], opened[1]
    if len(wrong) == 1:
        raise wrong[0]
    raise InputProblem(
        "Neither side can be read.",
        problems=tuple(line for one in wrong for line in (one.message, *one.problems)),
        hint=wrong[0].hint,
    )


def _told(side: Side) -> str:
    if isinstance(side, Existing):
        return f"{side.name}, a database that is there; it is only read"
    return f"{side.name}, {side.told}"


def _platform(asked: Asked, built: Sequence[Recipe]) -> tuple[str, str]:
    """The platform that both sides begin with, and what tells it."""
    if asked.platform is not None:
        return asked.platform, ""
    name, sign = platforms.recognise(text for side in built for text in side.texts)
    return name, f" ({sign})" if sign else ""


def _prelude(asked: Asked, platform: str, built: Sequence[Recipe]) -> str:
    sql = platforms.prelude(platform) + _UNNAMED
    for own in dict.fromkeys(side.bookkeeping for side in built if side.bookkeeping):
        sql += "\n" + own
    if asked.prelude is not None:
        sql += piece(asked.prelude.as_posix(), reading.sql_of(asked.prelude))
    return sql


def _servers(asked: Asked, left: Side, right: Side, built: Sequence[Recipe]) -> Iterator[Choice]:
    """The servers to build on; of the major version of a database that is compared with."""
    majors = {
        side.name: looking.major_of(side) for side in (left, right) if isinstance(side, Existing)
    }
    if len(set(majors.values())) > 1:
        told = " and ".join(f"{name} is PostgreSQL {major}" for name, major in majors.items())
        raise UsageProblem(
            f"different major versions do not compare: {told}",
            hint="Each words the same object in its own way. Dump one side, and compare the dump:"
            " it is built on a server of the other's version.",
        )
    if not built:
        return
    major = next(iter(majors.values()), None)
    needs = [need for side in built for need in side.needs]
    for url in asked.servers or (AUTO,):
        if url == AUTO:
            yield _chosen(major, [side.major for side in built], needs)
            continue
        server = open_server(url, allow_cluster_changes=asked.allow_cluster_changes)
        if major is not None and server.major != major:
            raise UsageProblem(
                f"{server.url} is PostgreSQL {server.major}, and {next(iter(majors))} is {major}:"
                " different major versions do not compare",
                hint=f"Name a server of PostgreSQL {major} with --server.",
            )
        yield Choice(server, "it was asked for")


def _chosen(
    major: int | None, wanted: Sequence[int | None], needs: Sequence[requirements.Need]
) -> Choice:
    if major is None:
        said = next((one for one in wanted if one is not None), None)
        return choose(wanted=said, lacks=lambda one: requirements.lacking(needs, one))
    fitting = [server for server in at_hand() if server.major == major]
    if not fitting:
        raise EnvironmentProblem(
            f"no server of PostgreSQL {major}, the version of the other side, is on this machine",
            hint=f"Name one: --server docker://postgres:{major}, or install PostgreSQL {major}.",
        )
    suiting = [server for server in fitting if not requirements.lacking(needs, server)]
    return Choice((suiting or fitting)[0], f"the other side is PostgreSQL {major}")


def compare(prepared: Prepared, progress: Callable[[str], None]) -> tuple[Verdict, ...]:
    """A verdict for each server; left is what right is held against.

    Raises:
        InputProblem: A side does not build.
        EnvironmentProblem: A server does not start, can not go on, or refuses us.
    """
    return tuple(_on(server, prepared, progress) for server in prepared.servers)


def _on(server: Server | None, prepared: Prepared, progress: Callable[[str], None]) -> Verdict:
    both = prepared.left, prepared.right
    existing = all(isinstance(side, Existing) for side in both)
    # what has to be built takes two clusters already
    with ThreadPoolExecutor(max_workers=2 if existing else 1) as pool:
        left, right = pool.map(lambda side: _seen(side, prepared, server, progress), both)
    progress("compare")
    waived = prepared.waived
    checks = witnesses.compared(left.sight, right.sight, waived)
    volatile: tuple[str, ...] = ()
    if left.rows is None or right.rows is None:
        of_rows = Check(name="rows", status=CheckStatus.SKIPPED, reason="waived")
    else:
        of_rows, volatile = _rows(left, right, waived)
    limits = dict.fromkeys((*left.limits, *right.limits))
    return Verdict(
        server=server.url if server else EXISTING,
        version=right.version,
        checks=(*checks, of_rows),
        differences=(*witnesses.told(checks), *of_rows.differences),
        volatile=volatile,
        waivers=waived.names,
        limits=tuple(limits),
        counts={"objects": len(right.sight.facts.objects)},
    )


def _seen(
    side: Side, prepared: Prepared, server: Server | None, progress: Callable[[str], None]
) -> Seen:
    with_rows = "rows" not in prepared.waived
    if isinstance(side, Existing):
        progress(f"read {side.name}")
        with_dump = "dump" not in prepared.waived
        return looking.read(
            side, timeout=prepared.timeout, with_rows=with_rows, with_dump=with_dump
        )
    if server is None:
        raise RuntimeError("there is nowhere to build it")
    progress(f"build {side.name} on {server.url}")
    with sides.blamed(side.name, side.hint):
        try:
            return looking.build(side, prepared.prelude, server, with_rows=with_rows)
        except DoesNotReplay as problem:
            raise InputProblem("It does not build.", problems=problem.problems) from problem


def _rows(left: Seen, right: Seen, waived: Waived) -> tuple[Check, tuple[str, ...]]:
    """The rows of both, and what of them is volatile.

    What one role may not read may differ, whatever the rest says: the check counts as skipped then.
    """
    one, two = likeness.alike(left, right)
    found: Sequence[Difference] = waived.kept("rows", rows.compare(one, two))
    number = sum(len(table.rows) for table in two.tables)
    tables = sum(1 for table in two.tables if table.rows)
    reason = f"{counted(number, 'row')} of {counted(tables, 'table')} and all sequences"
    status = CheckStatus.PASSED
    if unread := left.unread | right.unread:
        status = CheckStatus.SKIPPED
        reason = (
            f"the same as far as they may be read, but for {listed([*map(str, sorted(unread))], 3)}"
        )
    if found:
        status, reason = CheckStatus.FAILED, counted(len(found), "difference")
    check = Check(name="rows", status=status, reason=reason, differences=tuple(found))
    return check, tuple(sorted({*rows.volatile_cells(one), *rows.volatile_cells(two)}))
