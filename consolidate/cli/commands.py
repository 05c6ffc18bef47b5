"""What each command does: calls the pipeline, shows the result, answers with an exit code."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING

from consolidate import additions, files, line, manifest, pipeline
from consolidate import doctor as examination
from consolidate.cli import reports
from consolidate.cli.options import Page
from consolidate.cli.talk import Talk
from consolidate.errors import EnvironmentProblem, InputProblem
from consolidate.interrupts import Interrupted
from consolidate.phrases import counted
from consolidate.report import console, machine, terminal
from consolidate.report.planned import as_markdown
from consolidate.servers import AUTO, at_hand
from consolidate.trouble import ServerTrouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from consolidate.again import Rendering
    from consolidate.cli.options import Answer, Document, Talking
    from consolidate.manifest import Manifest
    from consolidate.model import Check
    from consolidate.pipeline import Job, Request
    from consolidate.report.console import Progress
    from consolidate.report.summary import Summary

YES, NO = 0, 1
DOWNS = "try the down scripts of the legacy history"
KEPT = "plan: keeps the files of the output that is there; --regroup plans them anew"
AGAIN = "render once more, from a replay of its own"


@contextmanager
def working(request: Request, answer: Talking) -> Iterator[tuple[Job, Progress]]:
    """The prepared job, once it is said what was chosen, and whom to tell what begins."""
    talk = Talk(answer)
    with talk.progress() as progress:
        job = pipeline.prepare(request)
        for line in job.talk:
            talk.say(line)
        for line in _details(job, request) if answer.verbose else ():
            talk.detail(line)
        phase = ""

        def begin(what: str) -> None:
            nonlocal phase
            phase = what
            progress(what)

        try:
            yield job, begin
        except ServerTrouble as trouble:
            trouble.during(phase)
            raise


def _details(job: Job, request: Request) -> Iterator[str]:
    """What is not worth saying every time."""
    read = counted(sum(bool(one.sql) for file in job.files for one in file), "statement")
    aside = f", {len(job.aside)} set aside" if job.aside else ""
    refused = f", {len(job.refused)} can not be read" if job.refused else ""
    yield f"  read: {read} in {counted(len(job.files), 'file')}{aside}{refused}"
    for need in job.needs:
        yield f"  needed: {need.name}, {need.place}"
    if AUTO in pipeline.configured_servers(request):
        here = ", ".join(server.url for server in at_hand())
        yield f"  servers of this machine: {here}"
    for server in job.servers:
        beside = "side by side" if server.side_by_side else "in turns"
        yield f"  {server.url} is PostgreSQL {server.major}; its clusters run {beside}"
    yield f"  output: {job.output}"


@contextmanager
def _telling_what_is_written(tree: Mapping[str, str], folder: Path) -> Iterator[None]:
    """Has an interrupt that comes too late say so."""
    try:
        yield
    except Interrupted as end:
        if not files.differences(tree, folder):
            end.written = str(folder)
        raise


def run(request: Request, other: Rendering, answer: Answer, junit: Path | None = None) -> int:
    """Consolidates, proves and writes; what is not proven goes beside the output."""
    with working(request, answer) as (prepared, progress), ExitStack() as beside:
        reports.require_writable(junit, prepared.output, prepared.legacy)
        files.require_writable(prepared.output, legacy=prepared.legacy)
        files.require_writable(unproven(prepared.output), legacy=prepared.legacy)
        added = files.read_added(prepared.output)
        job = ready(prepared, request, answer, progress)
        server = job.servers[0]
        truth = pipeline.captured(job, server, progress)
        other.begin(job, server, truth)
        downs = beside.enter_context(pipeline.downs_tried(job, server))
        first = pipeline.rendered(job, truth, server, progress)
        additions.require_after(first.tree, added)
        if not answer.as_json:
            terminal.plan_view(first.plan, truth, console.make(color=answer.colored))

        def further() -> tuple[Check, ...]:
            progress(AGAIN)
            same = pipeline.reproducible(first.tree, other.tree, truth.final.facts.major)
            return same, pipeline.manifest_check(job, first.tree)

        tree = {**first.tree, **added}
        known = {server.url: truth}
        verdicts = pipeline.prove_everywhere(job, tree, known, cache(further), progress)
        proven = all(verdict.equivalent for verdict in verdicts)
        target = job.output if proven else unproven(job.output)
        told = pipeline.summary(job, first).proven(verdicts, additions.part(tree).new)
        if job.downs and job.tries_downs:
            progress(DOWNS)
        told = told.with_downs(downs())
        ours = {**first.tree, **reports.pages(told)}
        tree = {**ours, **added}
        progress(f"write {target}")
        with _telling_what_is_written(tree, target):
            if proven:
                files.write_tree(target, ours, legacy=job.legacy)
            else:
                files.write_tree(target, tree, legacy=job.legacy, carry=False)
    with _telling_what_is_written(tree, target):
        reports.send(told, junit)
        if not answer.as_json:
            out = console.make(color=answer.colored)
            tried = told.downs if job.tries_downs else None
            terminal.written_view(tried, str(target), str(job.output), out)
        _answer(job, told, answer)
    return YES if proven else NO


def ready(job: Job, request: Request, answer: Talking, progress: Progress) -> Job:
    """The job up to its line, without what is set aside, and with what is kept of the output."""
    told = files.read_manifest(job.output)
    screened = pipeline.screened(_drawn(job, request, answer), progress)
    told = told if told and pipeline.is_made_of(told, screened) else None
    aside = {one.path for one in screened.aside}
    for warning in line.warnings(job.history, told, aside) if told else ():
        Talk(answer).say(f"warning: {warning}")
    return _remembering(screened, told, request, answer)


def _drawn(job: Job, request: Request, answer: Talking) -> Job:
    """The job up to the line that is asked for or configured."""
    asked = request.through
    found = line.drawn(job, job.config.legacy.through if asked is None else asked)
    if found.tail:
        Talk(answer).say(f"through {found.through}: {line.left(found)}")
    return found


def _remembering(job: Job, told: Manifest | None, request: Request, answer: Talking) -> Job:
    """The job, which keeps what it can of the output that is there."""
    if told and (moved := line.moved(job, told)):
        Talk(answer).say(moved)
    if request.regroup:
        return job
    found = pipeline.remembering(job, told)
    if found.config.kept:
        Talk(answer).say(KEPT)
    return found


def unproven(output: Path) -> Path:
    """Where an output goes that was not proven."""
    return output.with_name(f"{output.name}.unproven")


def plan(request: Request, answer: Document) -> int:
    """Shows the plan."""
    with working(request, answer) as (prepared, progress):
        job = ready(prepared, request, answer, progress)
        truth, planned = pipeline.plan_only(job, progress)
    match answer.format:
        case Page.JSON:
            console.write(machine.plan_json(planned, truth, job.aside))
        case Page.MARKDOWN:
            console.write(as_markdown(planned, truth, job.aside))
        case Page.TEXT:
            out = console.make(color=answer.colored)
            terminal.plan_view(planned, truth, out, job.aside)
    return YES


def verify(request: Request, other: Rendering, answer: Answer, junit: Path | None = None) -> int:
    """Proves what is on disk."""
    with working(request, answer) as (prepared, progress):
        reports.require_writable(junit, prepared.output, prepared.legacy)
        tree = files.read_tree(prepared.output)
        told = manifest.parse(manifest.found_in(tree, str(prepared.output)))
        job = pipeline.screened(pipeline.as_told(prepared, tree), progress)
        renderer = pipeline.rendering_server(job, tree)
        server = renderer or job.servers[0]
        aside = {one.path for one in job.aside}
        with _telling_why(line.warnings(prepared.history, told, aside), answer):
            known = {server.url: pipeline.captured(job, server, progress)}
        other.begin(job, server, known[server.url])

        def further() -> tuple[Check, ...]:
            progress(AGAIN)
            if renderer is None:
                same = pipeline.not_reproduced(tree)
            else:
                same = pipeline.reproducible(
                    other.tree,
                    pipeline.ours(tree),
                    renderer.major,
                    pipeline.reconfigured(prepared, tree),
                )
            stale = pipeline.manifest_check(job, tree, line.since(prepared.history, told))
            came = line.check(prepared.history, told, aside)
            return (same, stale, came) if came else (same, stale)

        verdicts = pipeline.prove_everywhere(job, tree, known, cache(further), progress)
        summary = other.summary
    shown = summary.proven(verdicts, additions.part(tree).new)
    reports.send(shown, junit)
    _answer(job, shown, answer)
    return YES if all(verdict.equivalent for verdict in verdicts) else NO


@contextmanager
def _telling_why(warnings: Iterable[str], answer: Talking) -> Iterator[None]:
    """Says what became of the history where that no longer fits what is asked of it."""
    try:
        yield
    except InputProblem:
        for warning in warnings:
            Talk(answer).say(f"warning: {warning}")
        raise


def drill(request: Request, answer: Answer) -> int:
    """Takes back what is on disk."""
    with working(request, answer) as (prepared, progress):
        tree = files.read_tree(prepared.output)
        manifest.found_in(tree, str(prepared.output))
        job = pipeline.screened(pipeline.as_told(prepared, tree), progress)
        found = pipeline.drill_everywhere(job, tree, progress)
    if answer.as_json:
        console.write(machine.drill_json(found))
    else:
        terminal.drill_view(found, console.make(color=answer.colored))
    return YES if all(one.proven for one in found) else NO


def doctor(request: Request, answer: Answer, *, clean: bool) -> int:
    """Examines what the program needs; or removes what was left behind."""
    urls = pipeline.configured_servers(request)
    if clean:
        found = [examination.removed(one) for one in examination.find_leftovers(urls)]
    else:
        found = list(examination.examine(urls))
    if answer.as_json:
        console.write(machine.doctor_json(found))
    else:
        terminal.doctor_view(
            found, console.make(color=answer.colored), nothing="Nothing was left behind."
        )
    failed = any(line.status is examination.Status.FAIL for line in found)
    return EnvironmentProblem.exit_code if failed else YES


def _answer(job: Job, told: Summary, answer: Answer) -> None:
    if answer.as_json:
        inputs = list(pipeline.inputs(job).items())
        document = machine.verdict_json(told.verdicts, inputs, runner=job.history.runner, told=told)
        console.write(document)
        return
    out = console.make(color=answer.colored)
    terminal.irreversible_view(told.irreversible, out)
    for verdict in told.verdicts:
        out.print()
        terminal.verdict_view(verdict, out)
    terminal.overall_view(told.verdicts, out)
