"""One consolidation from its inputs to a tree of files, and the proof of such a tree."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import (
    additions,
    claims,
    drill,
    exposed,
    helper_files,
    manifest,
    new_migrations,
    prove,
    quarantine,
    readmes,
    render,
    rollback,
    trial,
)
from consolidate import truth as truths
from consolidate.depth import Depth
from consolidate.downs import trying
from consolidate.job import Job as Job  # noqa: PLC0414, TC001 - a pipeline begins with a job
from consolidate.job import prepare as prepare  # noqa: PLC0414
from consolidate.lines import alongside
from consolidate.model import Check, CheckStatus, ObjectId
from consolidate.patterns import ROWS
from consolidate.quarantine import screened as screened  # noqa: PLC0414
from consolidate.replay import DoesNotReplay
from consolidate.report.summary import summarize
from consolidate.request import Request as Request  # noqa: PLC0414
from consolidate.request import configured as configured  # noqa: PLC0414
from consolidate.request import configured_servers as configured_servers  # noqa: PLC0414
from consolidate.servers import at_hand, if_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from consolidate.config import Config
    from consolidate.downs.results import Results
    from consolidate.helper_files import NewFile
    from consolidate.manifest import Manifest
    from consolidate.plan import Plan
    from consolidate.report.summary import Summary
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth
    from consolidate.verdict import Verdict

MANIFEST = manifest.PATH

_NOT_DRILLED = "not tried: what would be taken back is not proven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolidated:
    """The plan and the files that come of it."""

    truth: Truth
    plan: Plan
    tree: Mapping[str, str]
    unsettled: tuple[str, ...]
    irreversible: tuple[str, ...] = ()
    """What a rollback does not take back; it is unsettled, too."""


def rendered(
    job: Job, truth: Truth, server: Server, progress: Callable[[str], None]
) -> Consolidated:
    """Words, arranges and renders what the legacy history builds.

    Nothing is written and nothing is proven yet.
    """
    progress("word, arrange and try")
    settled = trial.settle(truth, job.config, server)
    planned = _with_reading(settled.plan, job, truth)
    progress("render")
    tree = dict(render.migrations(planned, truth))
    rollbacks, irreversible = rollback.write(truth, planned, tree, job.config.rollback, server)
    tree |= rollbacks
    new = _helpers(job, planned, truth)
    tree |= {path: text for one in new for path, text in one.files.items()}
    tree |= readmes.build(
        planned,
        truth,
        [(one.path, one.title) for one in new],
        asked=job.config.seeds,
        rollbacks=tree,
    )
    tree |= quarantine.tree(job.aside)
    tree[MANIFEST] = manifest.build(
        planned,
        truth,
        tree,
        job.history,
        server=_name(server),
        major=truth.final.facts.major,
        config=job.config_file,
        aside=job.aside,
        new={path for one in new for path in one.files},
        kept=job.config.kept,
    )
    return Consolidated(
        truth=truth,
        plan=planned,
        tree=tree,
        unsettled=(*settled.unsettled, *irreversible),
        irreversible=irreversible,
    )


def _helpers(job: Job, plan: Plan, truth: Truth) -> Sequence[NewFile]:
    """What we add after the baseline, if it is asked for."""
    if not job.config.helpers:
        return ()
    return helper_files.build([f.path for f in plan.files], job.config.phases[-1], truth)


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
    require_claims(job.config, truth, whole=not job.aside)
    return truth


def require_claims(config: Config, truth: Truth, *, whole: bool) -> None:
    """Holds what a mapping claims against what a history builds.

    Args:
        config: The mapping.
        truth: What the history builds.
        whole: Whether all of it was applied.

    Raises:
        InputProblem: The mapping claims what is not built, or one object twice.
    """
    changed = {fact.object for fact in truth.final.facts.facts ^ truth.platform.facts.facts}
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


def plan_only(job: Job, progress: Callable[[str], None]) -> tuple[Truth, Plan]:
    """The plan on the newest server, without rendering."""
    server = job.servers[0]
    truth = captured(job, server, progress)
    progress("word, arrange and try")
    return truth, _with_reading(trial.settle(truth, job.config, server).plan, job, truth)


def _with_reading(plan: Plan, job: Job, truth: Truth) -> Plan:
    """The plan with what was found when the history was read, and in the rows that it leaves."""
    found = (*job.history.findings, *plan.findings, *exposed.exposed(truth))
    return replace(plan, findings=found)


def summary(job: Job, done: Consolidated) -> Summary:
    """All that is told of a rendering, before anything is proven."""
    irreversible = tuple(rollback.placed(done.irreversible, done.tree))
    return summarize(done.plan, done.truth, job.history, irreversible)


@contextmanager
def downs_tried(job: Job, server: Server) -> Iterator[Callable[[], Results | None]]:
    """Tries the authors' own way back while the context goes on, where there is any.

    Yields:
        Waits for what came of it; None where no migration has a down script.
    """
    if not job.downs:
        yield lambda: None
    elif not job.tries_downs or not server.side_by_side:
        why = _IN_TURNS if job.tries_downs else _NOT_ASKED
        yield lambda: trying.untried(job.downs, len(job.files), why)
    else:
        with alongside(
            lambda lines: trying.attempt(
                server, job.prelude, job.files, job.history.manner, job.downs, lines=lines
            ),
            really=True,
        ) as results:
            yield results


_NOT_ASKED = "`consolidate run --try-downs` tries them"
_IN_TURNS = "it takes two databases at once, which this server does not bring up"


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
        if job.drill is Depth.FULL:
            verdict = _with_drill(verdict, parted.baseline, job, server, told)
        if parted.new:
            told("try the new migrations")
            verdict = _with_new(verdict, tree, parted.new, job, server)
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


def _on(server: Server, progress: Callable[[str], None]) -> Callable[[str], None]:
    return lambda what: progress(f"{what} on {server.url}")


def reproducible(first: Mapping[str, str], second: Mapping[str, str], major: int) -> Check:
    """Whether two renderings, each from a replay of its own, are the same bytes."""
    changed = sorted(path for path in {*first, *second} if first.get(path) != second.get(path))
    if changed:
        return Check(
            name="reproducible",
            status=CheckStatus.FAILED,
            reason=f"rendered again, these files differ: {', '.join(changed)}",
        )
    return Check(
        name="reproducible",
        status=CheckStatus.PASSED,
        reason=f"{len(first)} files rendered again on {major}, byte for byte the same",
    )


def not_reproduced(tree: Mapping[str, str]) -> Check:
    """Why an output is not rendered again: a check that is skipped, and so does not hold."""
    major = manifest.parse(tree.get(MANIFEST, "")).major
    return Check(
        name="reproducible",
        status=CheckStatus.SKIPPED,
        reason=f"it was rendered on PostgreSQL {major}, and no server of that version is at hand;"
        " name one with --server",
    )


def manifest_check(job: Job, tree: Mapping[str, str]) -> Check:
    """Whether the manifest speaks of these inputs and of these outputs."""
    told = manifest.parse(tree.get(MANIFEST, ""))
    configured = {job.config_file[0]} if job.config_file else set()
    stale = _changed(
        inputs(job),
        {known.path: known.sha256 for known in told.inputs if known.path not in configured},
    )
    theirs = additions.of_the_team(tree, told)
    found = {
        "legacy files changed since": stale,
        "output files are not those in the manifest": manifest.edited(tree, told),
        "not written by this program, and to be moved away": manifest.foreign(
            {*tree} - theirs, told
        ),
    }
    problems = [f"{what}: {', '.join(paths)}" for what, paths in found.items() if paths]
    return Check(
        name="manifest",
        status=CheckStatus.FAILED if problems else CheckStatus.PASSED,
        reason="; ".join(problems) or f"{len(told.outputs)} files are those that were written",
    )


def as_told(job: Job, tree: Mapping[str, str]) -> Job:
    """The job that an output was made of, as its manifest tells.

    The same files are set aside, and what that output was to keep of the one before is kept.
    """
    told = manifest.parse(tree.get(MANIFEST, ""))
    known = {m.path for m in job.history.migrations} | {one.path for one in job.refused}
    aside = [job.set_aside(one.path, one.reason) for one in told.quarantine if one.path in known]
    config = replace(job.config, kept=told.kept)
    return replace(job.without(aside), sets_aside=False, config=config)


def remembering(job: Job, told: Manifest | None) -> Job:
    """The job, which is to keep what it can of an output that is there; None if none is."""
    if told is None:
        return job
    read = inputs(job) | dict([job.config_file] if job.config_file else [])
    return replace(job, config=replace(job.config, kept=manifest.remembered(told, read)))


def inputs(job: Job) -> dict[str, str]:
    """The SHA-256 of every legacy file that was read, those that are set aside included."""
    read = {migration.path: migration.sha256 for migration in job.history.migrations}
    return read | {one.path: one.sha256 for one in job.aside}


def ours(tree: Mapping[str, str]) -> dict[str, str]:
    """The files of an output folder that its manifest lists, and the manifest."""
    told = manifest.parse(tree.get(MANIFEST, ""))
    listed = {one.path for one in told.outputs} | {MANIFEST}
    return {path: text for path, text in tree.items() if path in listed}


def _changed(found: Mapping[str, str], told: Mapping[str, str]) -> list[str]:
    return sorted(path for path in {*found, *told} if found.get(path) != told.get(path))


def rendering_server(job: Job, tree: Mapping[str, str]) -> Server | None:
    """The server that rendered an output, to render it again, or another one of its major.

    None where there is no such server at hand.
    """
    told = manifest.parse(tree.get(MANIFEST, ""))
    asked = [server for server in job.servers if server.major == told.major]
    for server in asked:
        if _name(server) == told.server:
            return server
    others = (server for server in at_hand() if server.major == told.major)
    return if_here(told.server) or next(iter((*asked, *others)), None)


def _name(server: Server) -> str:
    """What the manifest calls a server: where somebody's own stands is nobody else's business."""
    return "postgresql://" if server.guest else server.url
