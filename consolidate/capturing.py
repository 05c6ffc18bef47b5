"""What the legacy history of a job builds on a server, held against what its mapping claims."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from consolidate import claims, quarantine
from consolidate import truth as truths
from consolidate.model import ObjectId
from consolidate.patterns import ROWS
from consolidate.relations import defaults
from consolidate.replay import DoesNotReplay

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.config import Config
    from consolidate.job import Job
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth


def captured(job: Job, server: Server, progress: Callable[[str], None]) -> Truth:
    """What the legacy history builds on a server.

    Raises:
        InputProblem: It does not replay; all that is wrong with it is told at once. Or the mapping
            claims what it does not build.
    """
    progress(f"replay the legacy history on {server.url}")
    try:
        truth = truths.capture(server, job.prelude, job.files, job.history.manner)
    except DoesNotReplay:
        raise quarantine.page(job, server) from None
    require_claims(job.config, truth, whole=not (job.aside or job.tail))
    return truth


def require_claims(config: Config, truth: Truth, *, whole: bool) -> None:
    """Holds what a mapping claims against what a history builds.

    Args:
        config: The mapping.
        truth: What the history builds.
        whole: Whether all of it was applied.

    Raises:
        InputProblem: The mapping claims what is not built, or two groups one object alike.
    """
    differing = truth.final.facts.facts ^ truth.platform.facts.facts
    changed = {fact.object for fact in differing} | defaults(differing & truth.final.facts.facts)
    family = truth.depend.family
    filled = {table for tables in truth.trace.rows.values() for table in tables}
    claims.require_objects(
        config,
        changed
        | {family(one) for one in changed}
        | {ObjectId(ROWS, table.identity) for table in filled},
        truth.trace.vanished,
        _brought(truth),
        parts={one for one in changed if family(one) != one},
        whole=whole,
    )


def _brought(truth: Truth) -> claims.Platform:
    """What the platform brought that a mapping can name."""
    objects = truth.platform.facts.objects
    filled = {table for tables in truth.trace.rows.values() for table in tables} & objects
    partitions: dict[str, list[str]] = defaultdict(list)
    for held in truth.final.rows.tables:
        table = held.table
        if table.object in filled and table.root != table.object.identity:
            partitions[table.root].append(table.object.identity)
    return claims.Platform(
        objects=frozenset(objects),
        filled=frozenset(one.identity for one in filled),
        partitions=partitions,
    )
