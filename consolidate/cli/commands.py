"""What each command does: calls the pipeline, shows the result, answers with an exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console

from consolidate import files, pipeline
from consolidate.errors import InputProblem
from consolidate.report import machine, terminal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from consolidate.pipeline import Job, Request
    from consolidate.verdict import Verdict

YES, NO = 0, 1


def run(request: Request, *, as_json: bool, quiet: bool) -> int:
    """Consolidates, proves and writes; what is not proven goes beside the output."""
    with terminal.Progress(quiet=quiet) as progress:
        job = pipeline.prepare(request)
        for line in job.talk:
            progress.note(line)
        files.check_target(job.output, legacy=job.legacy)
        first = pipeline.consolidate(job, job.servers[0], progress.step)
        progress.step("render once more, from a replay of its own")
        second = pipeline.consolidate(job, job.servers[0], lambda _: None)
        further = [
            pipeline.reproducible(first.tree, second.tree, first.truth.final.facts.major),
            pipeline.manifest_check(job, first.tree),
        ]
        verdicts = pipeline.prove_everywhere(job, first.tree, first, further, progress.step)
        proven = all(verdict.equivalent for verdict in verdicts)
        target = job.output if proven else unproven(job.output)
        files.write_tree(target, first.tree, legacy=job.legacy)
    if as_json:
        _answer(job, verdicts)
    else:
        console = Console(soft_wrap=True)
        terminal.plan_view(first.plan, first.truth, console)
        _show(verdicts, console)
        console.print(f"Written to {target}." if proven else f"NOT proven; written to {target}.")
    return YES if proven else NO


def unproven(output: Path) -> Path:
    """Where an output goes that was not proven."""
    return output.with_name(f"{output.name}.unproven")


def plan(request: Request, *, as_json: bool, quiet: bool) -> int:
    """Shows the plan."""
    with terminal.Progress(quiet=quiet) as progress:
        job = pipeline.prepare(request)
        for line in job.talk:
            progress.note(line)
        truth, planned = pipeline.plan_only(job, progress.step)
    if as_json:
        sys.stdout.write(machine.plan_json(planned, truth))
    else:
        terminal.plan_view(planned, truth, Console(soft_wrap=True))
    return YES


def verify(request: Request, *, as_json: bool, quiet: bool) -> int:
    """Proves what is on disk."""
    with terminal.Progress(quiet=quiet) as progress:
        job = pipeline.prepare(request)
        for line in job.talk:
            progress.note(line)
        tree = files.read_tree(job.output)
        if pipeline.MANIFEST not in tree:
            raise InputProblem(
                f"{job.output} holds no {pipeline.MANIFEST}, so it is no output of this program.",
                hint="Write one with `consolidate run`, or name it with --output.",
            )
        renderer = pipeline.rendering_server(job, tree)
        again = pipeline.consolidate(job, renderer, progress.step)
        further = [
            pipeline.reproducible(again.tree, pipeline.ours(tree), again.truth.final.facts.major),
            pipeline.manifest_check(job, tree),
        ]
        rendered = again if renderer is job.servers[0] else None
        verdicts = pipeline.prove_everywhere(job, tree, rendered, further, progress.step)
    if as_json:
        _answer(job, verdicts)
    else:
        _show(verdicts, Console(soft_wrap=True))
    return YES if all(verdict.equivalent for verdict in verdicts) else NO


def _answer(job: Job, verdicts: Sequence[Verdict]) -> None:
    inputs = [(migration.path, migration.sha256) for migration in job.history.migrations]
    sys.stdout.write(machine.verdict_json(verdicts, inputs))


def _show(verdicts: Sequence[Verdict], console: Console) -> None:
    for verdict in verdicts:
        console.print()
        terminal.verdict_view(verdict, console)
