"""What each command does: calls the pipeline, shows the result, answers with an exit code."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from consolidate import doctor as examination
from consolidate import files, pipeline
from consolidate.cli import reports
from consolidate.errors import EnvironmentProblem, InputProblem
from consolidate.interrupts import Interrupted
from consolidate.report import machine, terminal
from consolidate.trouble import ServerTrouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from consolidate.pipeline import Job, Request
    from consolidate.report.summary import Summary
    from consolidate.report.terminal import Progress

YES, NO = 0, 1


@contextmanager
def _working(request: Request, *, quiet: bool) -> Iterator[tuple[Job, Progress]]:
    """The prepared job, once it is said what was chosen, and whom to tell what begins."""
    talk = terminal.console(stderr=True)
    with terminal.progress(talk, quiet=quiet) as progress:
        job = pipeline.prepare(request)
        for line in () if quiet else job.talk:
            talk.print(line)
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


@contextmanager
def _telling_what_is_written(tree: Mapping[str, str], folder: Path) -> Iterator[None]:
    """Has an interrupt that comes too late say so."""
    try:
        yield
    except Interrupted as end:
        if not files.differences(tree, folder):
            end.written = str(folder)
        raise


def run(request: Request, *, as_json: bool, quiet: bool, junit: Path | None = None) -> int:
    """Consolidates, proves and writes; what is not proven goes beside the output."""
    with _working(request, quiet=quiet) as (prepared, progress):
        reports.require_writable(junit, prepared.output, prepared.legacy)
        files.require_writable(prepared.output, legacy=prepared.legacy)
        files.require_writable(unproven(prepared.output), legacy=prepared.legacy)
        job = pipeline.screened(prepared, progress)
        first = pipeline.consolidate(job, job.servers[0], progress)
        if not as_json:
            terminal.plan_view(first.plan, first.truth, terminal.console())
        progress("render once more, from a replay of its own")
        second = pipeline.consolidate(job, job.servers[0], lambda _: None)
        further = [
            pipeline.reproducible(first.tree, second.tree, first.truth.final.facts.major),
            pipeline.manifest_check(job, first.tree),
        ]
        verdicts = pipeline.prove_everywhere(job, first.tree, first, further, progress)
        proven = all(verdict.equivalent for verdict in verdicts)
        target = job.output if proven else unproven(job.output)
        told = reports.summary(job, first, verdicts)
        tree = {**first.tree, **reports.pages(told)}
        progress(f"write {target}")
        with _telling_what_is_written(tree, target):
            files.write_tree(target, tree, legacy=job.legacy)
    with _telling_what_is_written(tree, target):
        reports.send(told, junit)
        _answer(job, told, as_json=as_json)
    return YES if proven else NO


def unproven(output: Path) -> Path:
    """Where an output goes that was not proven."""
    return output.with_name(f"{output.name}.unproven")


def plan(request: Request, *, as_json: bool, quiet: bool) -> int:
    """Shows the plan."""
    with _working(request, quiet=quiet) as (prepared, progress):
        job = pipeline.screened(prepared, progress)
        truth, planned = pipeline.plan_only(job, progress)
    if as_json:
        terminal.write(machine.plan_json(planned, truth, job.aside))
    else:
        terminal.plan_view(planned, truth, terminal.console(), job.aside)
    return YES


def verify(request: Request, *, as_json: bool, quiet: bool, junit: Path | None = None) -> int:
    """Proves what is on disk."""
    with _working(request, quiet=quiet) as (prepared, progress):
        reports.require_writable(junit, prepared.output, prepared.legacy)
        tree = files.read_tree(prepared.output)
        if pipeline.MANIFEST not in tree:
            raise InputProblem(
                f"{prepared.output} holds no {pipeline.MANIFEST}: it is no output of this program.",
                hint="Write one with `consolidate run`, or name it with --output.",
            )
        job = pipeline.screened(pipeline.as_told(prepared, tree), progress)
        renderer = pipeline.rendering_server(job, tree)
        again = pipeline.consolidate(job, renderer or job.servers[0], progress)
        same = (
            pipeline.reproducible(again.tree, pipeline.ours(tree), renderer.major)
            if renderer
            else pipeline.not_reproduced(tree)
        )
        further = [same, pipeline.manifest_check(job, tree)]
        rendered = again if renderer is job.servers[0] else None
        verdicts = pipeline.prove_everywhere(job, tree, rendered, further, progress)
    told = reports.summary(job, again, verdicts)
    reports.send(told, junit)
    _answer(job, told, as_json=as_json)
    return YES if all(verdict.equivalent for verdict in verdicts) else NO


def doctor(request: Request, *, clean: bool, as_json: bool) -> int:
    """Examines what the program needs; or removes what was left behind."""
    urls = pipeline.configured_servers(request)
    if clean:
        found = [examination.removed(one) for one in examination.find_leftovers(urls)]
    else:
        found = list(examination.examine(urls))
    if as_json:
        terminal.write(machine.doctor_json(found))
    else:
        terminal.doctor_view(found, terminal.console(), nothing="Nothing was left behind.")
    failed = any(line.status is examination.Status.FAIL for line in found)
    return EnvironmentProblem.exit_code if failed else YES


def _answer(job: Job, told: Summary, *, as_json: bool) -> None:
    if as_json:
        inputs = list(pipeline.inputs(job).items())
        document = machine.verdict_json(told.verdicts, inputs, runner=job.history.runner, told=told)
        terminal.write(document)
        return
    out = terminal.console()
    for verdict in told.verdicts:
        out.print()
        terminal.verdict_view(verdict, out)
    terminal.overall_view(told.verdicts, out)
