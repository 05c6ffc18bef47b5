"""Tries the tail: the legacy migrations behind the line, on what the baseline builds.

They are applied as their runner does, and must lead to what the whole legacy history builds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import chance
from consolidate import truth as truths
from consolidate.applying import Stuck, apply_all, refused
from consolidate.catalog import compare, facts, rows
from consolidate.empty_database import platform
from consolidate.model import Check, CheckStatus
from consolidate.phrases import counted
from consolidate.replay import DoesNotReplay, replay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.catalog.rows import Rows
    from consolidate.model import Difference, Manner, Snapshot, Statement
    from consolidate.servers.interface import Server
    from consolidate.waivers import Waived

NAME = "tail"
"""What the check is called."""
_SEEDED = (
    "; the seeds are loaded behind the tail: rows that it reads or changes belong into migrations/"
)

Files = tuple[tuple["Statement", ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """A legacy history that is consolidated up to a line."""

    head: Files
    """What the baseline stands for."""
    files: Files
    """What follows, in apply order."""
    manner: Manner
    """How the runner applies all of it."""


def try_out(
    prelude: str, tree: Mapping[str, str], tail: Tail, server: Server, waived: Waived
) -> Check:
    """Builds the baseline, then the tail, then the seeds, and compares that with the whole history.

    In that order a runner applies them: what is in `seed/` is loaded when all migrations are done.

    Args:
        prelude: What the empty database holds.
        tree: The baseline.
        tail: What it stands for, and what follows.
        server: Where to try.
        waived: What is not compared.

    Raises:
        InputProblem: The whole history does not replay.
        EnvironmentProblem: The server can not go on.
    """
    whole = truths.capture(server, prelude, (*tail.head, *tail.files), tail.manner)
    try:
        built, first = _built(prelude, tree, tail, server)
        _, second = _built(prelude, tree, tail, server, perturbed=True)
    except Stuck as stuck:
        return _failed((refused(stuck),), str(stuck))
    except DoesNotReplay as problem:
        return _failed((), problem.problems[0])
    found = [
        *waived.kept("facts", compare.compare(whole.final.facts, built)),
        *waived.kept("rows", rows.compare(whole.marked, rows.mark(first, second, whole.clocked))),
    ]
    if found:
        seeded = any(path.startswith("seed/") for path in tree)
        return _failed(found, counted(len(found), "difference") + (_SEEDED if seeded else ""))
    told = f"{counted(len(tail.files), 'legacy migration')} applied behind the baseline"
    reason = f"{told}: {len(built.facts):,} facts and all rows compared"
    return Check(name=NAME, status=CheckStatus.PASSED, reason=reason)


def _failed(found: Sequence[Difference], reason: str) -> Check:
    return Check(name=NAME, status=CheckStatus.FAILED, reason=reason, differences=tuple(found))


def _built(
    prelude: str,
    tree: Mapping[str, str],
    tail: Tail,
    server: Server,
    *,
    perturbed: bool = False,
) -> tuple[Snapshot, Rows]:
    """The facts and the rows of one build.

    Raises:
        Stuck: A file of the output is refused.
        DoesNotReplay: A statement of the tail is.
    """
    seeds = {path: text for path, text in tree.items() if path.startswith("seed/")}
    others = {path: text for path, text in tree.items() if path not in seeds}
    with platform(server, prelude, perturbed=perturbed) as (_, connection):
        said = (statement.text for file in tail.files for statement in file)
        if perturbed and chance.is_ours(connection, (*tree.values(), *said)):
            chance.otherwise(connection)
        apply_all(connection, others)
        replay(connection, tail.files, manner=tail.manner)
        apply_all(connection, seeds)
        return facts.read(connection), rows.read(connection)
