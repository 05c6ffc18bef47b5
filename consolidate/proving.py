"""One verdict per server: the proof of the baseline, and what is tried on what is proven."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate import additions, drill, new_migrations, prove, tail
from consolidate.capturing import captured
from consolidate.depth import Depth
from consolidate.model import Check, CheckStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from consolidate.job import Job
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth
    from consolidate.verdict import Verdict

_NOT_DRILLED = "not tried: what would be taken back is not proven"
_NOT_BUILT_ON = "not tried: what it builds on is not proven"


def prove_everywhere(
    job: Job,
    tree: Mapping[str, str],
    known: Mapping[str, Truth],
    further: Callable[[], Sequence[Check]],
    progress: Callable[[str], None],
) -> tuple[Verdict, ...]:
    """One verdict per server.

    The baseline is proven without the new migrations, and then these are tried on it.

    Args:
        job: What the output was made of.
        tree: The output's files.
        known: The truths that were captured, by the server's URL; those of others are here.
        further: Checks that belong to each verdict, asked for when the first proof is done.
        progress: Told what begins.
    """
    parted = additions.part(tree)
    verdicts = []
    for server in job.servers:
        truth = known.get(server.url) or captured(job, server, progress)
        told = _on(server, progress)
        verdict = prove.prove(truth, parted.baseline, server, waived=job.waived, progress=told)
        verdict = replace(verdict, checks=(*verdict.checks, *further()))
        if job.tail_files:
            told("try the tail")
            verdict = _with_tail(verdict, parted.baseline, job, server)
        if job.drill is Depth.FULL:
            verdict = _with_drill(verdict, parted.baseline, job, server, told)
        if parted.new:
            told("try the new migrations")
            current = {path: text for path, text in tree.items() if path not in parted.tail}
            verdict = _with_new(verdict, current, parted.new, job, server)
        verdicts.append(replace(verdict, aside=job.aside))
    return tuple(verdicts)


def drill_everywhere(
    job: Job, tree: Mapping[str, str], progress: Callable[[str], None]
) -> tuple[drill.Drilled, ...]:
    """The rollbacks of an output's baseline, drilled on every server."""
    baseline = additions.part(tree).baseline
    return tuple(
        drill.drill(
            job.prelude,
            baseline,
            server,
            depth=job.drill,
            waived=job.waived,
            progress=_on(server, progress),
        )
        for server in job.servers
    )


def _with_drill(
    verdict: Verdict,
    tree: Mapping[str, str],
    job: Job,
    server: Server,
    progress: Callable[[str], None],
) -> Verdict:
    if not verdict.equivalent:
        check = Check(name=drill.NAME, status=CheckStatus.SKIPPED, reason=_NOT_DRILLED)
        return replace(verdict, checks=(*verdict.checks, check))
    drilled = drill.drill(job.prelude, tree, server, waived=job.waived, progress=progress)
    return replace(
        verdict,
        checks=(*verdict.checks, drilled.check),
        differences=(*verdict.differences, *drilled.differences),
    )


def _with_new(
    verdict: Verdict, tree: Mapping[str, str], new: Sequence[str], job: Job, server: Server
) -> Verdict:
    if verdict.equivalent:
        tried = new_migrations.try_out(job.prelude, tree, new, server)
    else:
        reason = "not tried: what they build on is not proven"
        check = Check(name=new_migrations.NAME, status=CheckStatus.SKIPPED, reason=reason)
        tried = new_migrations.Tried(check=check)
    return replace(
        verdict,
        checks=(*verdict.checks, tried.check),
        differences=(*verdict.differences, *tried.differences),
    )


def _with_tail(verdict: Verdict, baseline: Mapping[str, str], job: Job, server: Server) -> Verdict:
    if not verdict.equivalent:
        check = Check(name=tail.NAME, status=CheckStatus.SKIPPED, reason=_NOT_BUILT_ON)
        return replace(verdict, checks=(*verdict.checks, check))
    behind = tail.Tail(head=job.files, files=job.tail_files, manner=job.manner)
    tried = tail.try_out(job.prelude, baseline, behind, server, job.waived)
    return replace(
        verdict,
        checks=(*verdict.checks, tried.check),
        differences=(*verdict.differences, *tried.differences),
    )


def _on(server: Server, progress: Callable[[str], None]) -> Callable[[str], None]:
    return lambda what: progress(f"{what} on {server.url}")
