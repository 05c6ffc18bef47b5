"""One verdict per server: the proof of the baseline, and what is tried on what is proven."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
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
_TAIL_NOT_TRIED = "not tried: what it builds on is not proven"
_NEW_NOT_TRIED = "not tried: what they build on is not proven"


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
            verdict = _with(
                verdict,
                tail.NAME,
                _TAIL_NOT_TRIED,
                partial(_tail, job, parted.baseline, server),
            )
        if job.drill is Depth.FULL:
            verdict = _with(
                verdict,
                drill.NAME,
                _NOT_DRILLED,
                partial(_drilled, job, parted.baseline, server, told),
            )
        if parted.new:
            told("try the new migrations")
            current = {path: text for path, text in tree.items() if path not in parted.tail}
            verdict = _with(
                verdict,
                new_migrations.NAME,
                _NEW_NOT_TRIED,
                partial(new_migrations.try_out, job.prelude, current, parted.new, server),
            )
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


def _with(verdict: Verdict, name: str, on: str, tried: Callable[[], Check]) -> Verdict:
    """The verdict with one check more, which is skipped where it has nothing to stand on.

    What was built is enough, even if the files are not those that are recorded.

    Args:
        verdict: What is known so far.
        name: What the check is called.
        on: Why it is not tried where the verdict does not hold.
        tried: Does it; what it sees belongs to the verdict, too.
    """
    if verdict.equivalent or verdict.builds:
        check = tried()
    else:
        check = Check(name=name, status=CheckStatus.SKIPPED, reason=on)
    return replace(
        verdict,
        checks=(*verdict.checks, check),
        differences=(*verdict.differences, *check.differences),
    )


def _drilled(
    job: Job, baseline: Mapping[str, str], server: Server, progress: Callable[[str], None]
) -> Check:
    return drill.drill(job.prelude, baseline, server, waived=job.waived, progress=progress).check


def _tail(job: Job, baseline: Mapping[str, str], server: Server) -> Check:
    behind = tail.Tail(head=job.files, files=job.tail_files, manner=job.manner)
    return tail.try_out(job.prelude, baseline, behind, server, job.waived)


def _on(server: Server, progress: Callable[[str], None]) -> Callable[[str], None]:
    return lambda what: progress(f"{what} on {server.url}")
