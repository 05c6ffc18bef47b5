"""One consolidation from its inputs to a tree of files, and the proof of such a tree."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from consolidate import (
    additions,
    exposed,
    helper_files,
    inventory,
    line,
    manifest,
    quarantine,
    readmes,
    render,
    rollback,
    trial,
)
from consolidate.capturing import captured as captured  # noqa: PLC0414
from consolidate.changes import changes
from consolidate.downs import trying
from consolidate.job import Job as Job  # noqa: PLC0414, TC001 - a pipeline begins with a job
from consolidate.job import prepare as prepare  # noqa: PLC0414
from consolidate.lines import alongside
from consolidate.model import Check, CheckStatus
from consolidate.proving import drill_everywhere as drill_everywhere  # noqa: PLC0414
from consolidate.proving import prove_everywhere as prove_everywhere  # noqa: PLC0414
from consolidate.quarantine import screened as screened  # noqa: PLC0414
from consolidate.report.summary import summarize
from consolidate.request import Request as Request  # noqa: PLC0414
from consolidate.request import configured as configured  # noqa: PLC0414
from consolidate.request import configured_servers as configured_servers  # noqa: PLC0414
from consolidate.servers import at_hand, if_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from consolidate.downs.results import Results
    from consolidate.helper_files import NewFile
    from consolidate.manifest import Manifest
    from consolidate.plan import Plan
    from consolidate.report.summary import Summary
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth

MANIFEST = manifest.PATH


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
    tree["migrations/README.md"] += readmes.tail(job.through, [one.path for one in job.tail])
    tree |= quarantine.tree(job.aside)
    tree |= line.tail_tree(job)
    tree[MANIFEST] = inventory.build(
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
        tail=job.tail,
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


def plan_only(job: Job, progress: Callable[[str], None]) -> tuple[Truth, Plan]:
    """The plan on the newest server, without rendering."""
    server = job.servers[0]
    truth = captured(job, server, progress)
    progress("word, arrange and try")
    return truth, _with_reading(trial.settle(truth, job.config, server).plan, job, truth)


def _with_reading(plan: Plan, job: Job, truth: Truth) -> Plan:
    """The plan with what was found when the history was read, and in the rows that it leaves."""
    overtaken = line.overtaken(plan, job.config.behind)
    found = (*job.history.findings, *plan.findings, *overtaken, *exposed.exposed(truth))
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


def reproducible(
    first: Mapping[str, str], second: Mapping[str, str], major: int, because: str = ""
) -> Check:
    """Whether two renderings, each from a replay of its own, are the same bytes.

    Args:
        first: One of them.
        second: The other one.
        major: Where they were rendered.
        because: Why they may differ, as far as is known.
    """
    changed = sorted(path for path in {*first, *second} if first.get(path) != second.get(path))
    if changed:
        return Check(
            name="reproducible",
            status=CheckStatus.FAILED,
            reason=f"rendered again, these files differ: {', '.join(changed)}"
            + (f"; {because}" if because else ""),
        )
    return Check(
        name="reproducible",
        status=CheckStatus.PASSED,
        reason=f"{len(first)} files rendered again on {major}, byte for byte the same",
    )


def reconfigured(job: Job, tree: Mapping[str, str]) -> str:
    """What to say where another configuration is in force than when an output was made."""
    told = manifest.parse(tree.get(MANIFEST, ""))
    read = {one.path: one.sha256 for one in told.inputs}
    if job.config_file is None:
        gone = [path for path in read if path.endswith((".yaml", ".yml"))]
        return f"it was made with {gone[0]}, which is not in force now" if gone else ""
    name, digest = job.config_file
    if name not in read:
        return f"it was made without {name}, which is in force now"
    said = f"{name} has changed since: `consolidate run` writes what it says"
    return said if read[name] != digest else ""


def not_reproduced(tree: Mapping[str, str]) -> Check:
    """Why an output is not rendered again: a check that is skipped, and so does not hold."""
    major = manifest.parse(tree.get(MANIFEST, "")).major
    return Check(
        name="reproducible",
        status=CheckStatus.SKIPPED,
        reason=f"it was rendered on PostgreSQL {major}, and no server of that version is at hand;"
        " name one with --server",
    )


def manifest_check(
    job: Job, tree: Mapping[str, str], since: Mapping[str, str] = MappingProxyType({})
) -> Check:
    """Whether the manifest speaks of these inputs and of these outputs.

    Args:
        job: What the output was made of.
        tree: The output.
        since: The SHA-256 of the legacy files that came since then, by path.
    """
    told = manifest.parse(tree.get(MANIFEST, ""))
    configured = {job.config_file[0]} if job.config_file else set()
    read = {known.path: known.sha256 for known in told.inputs if known.path not in configured}
    there = {path: text for path, text in tree.items() if path not in manifest.OUTSIDE}
    theirs = additions.of_the_team(there, told)
    ours = {path: manifest.digest(text) for path, text in there.items() if path not in theirs}
    written = changes({one.path: one.sha256 for one in told.outputs}, ours)
    problems = [
        *changes(read, {**inputs(job), **since}).told("legacy files"),
        *replace(written, new=()).told("output files"),
    ]
    if written.new:
        problems.append(
            f"not written by this program, and to be moved away: {', '.join(written.new)}"
        )
    return Check(
        name="manifest",
        status=CheckStatus.FAILED if problems else CheckStatus.PASSED,
        reason="; ".join(problems) or f"{len(told.outputs)} files are those that were written",
    )


def as_told(job: Job, tree: Mapping[str, str]) -> Job:
    """The job that an output was made of, as its manifest tells.

    The same files are set aside, those that came since are left out, the line is where it was, and
    what that output was to keep of the one before it is kept.
    """
    told = manifest.parse(tree.get(MANIFEST, ""))
    known = {m.path for m in job.history.migrations} | {one.path for one in job.refused}
    aside = [job.set_aside(one.path, one.reason) for one in told.quarantine if one.path in known]
    config = replace(job.config, kept=told.kept)
    then = replace(job.without(aside), sets_aside=False, config=config)
    return line.as_of(then, told)


def is_made_of(told: Manifest, job: Job) -> bool:
    """Whether an output is of the history that is read now, however that has changed since."""
    read = inputs(job)
    return any(one.path in read or one.sha256 in read.values() for one in told.inputs)


def remembering(job: Job, told: Manifest | None) -> Job:
    """The job, which is to keep what it can of an output that is there; None if none is."""
    if told is None:
        return job
    read = inputs(job) | dict([job.config_file] if job.config_file else [])
    kept = manifest.remembered(told, read, job.line)
    return replace(job, config=replace(job.config, kept=kept))


def inputs(job: Job) -> dict[str, str]:
    """The SHA-256 of every legacy file that was read, those that stay as they are included."""
    migrations = (*job.history.migrations, *job.tail)
    read = {migration.path: migration.sha256 for migration in migrations}
    return read | {one.path: one.sha256 for one in job.aside}


def ours(tree: Mapping[str, str]) -> dict[str, str]:
    """The files of an output folder that its manifest lists, and the manifest."""
    told = manifest.parse(tree.get(MANIFEST, ""))
    listed = {one.path for one in told.outputs} | {MANIFEST}
    return {path: text for path, text in tree.items() if path in listed}


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
