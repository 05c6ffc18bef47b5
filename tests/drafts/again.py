"""Plans a history, drafts a mapping of the plan, and plans it with that mapping once more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from consolidate import capturing, config, pipeline, trial
from consolidate.drafts import groups as drafts
from consolidate.drafts.document import Head, document
from consolidate.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from consolidate.config import Config
    from consolidate.drafts.groups import Additions, DraftedGroup
    from consolidate.pipeline import Job
    from consolidate.plan import Plan
    from consolidate.truth import Truth

HEAD = Head(
    schema="mappings.schema.json",
    legacy="migrations",
    runner=Runner.PLAIN,
    recognised="",
    named="",
    order=None,
    through=None,
    output="output",
    platform="plain",
    why="",
    servers=(),
    chosen=("embedded://18",),
    phases=config.DEFAULT.phases,
    quarantine=(),
)


class Drafted(NamedTuple):
    """What came of it."""

    truth: Truth
    without: Plan
    groups: Sequence[DraftedGroup]
    text: str
    config: Config
    """The mapping, read again."""
    planned: Plan
    """With it."""

    def more(self) -> Additions:
        """What would be added to the mapping."""
        return drafts.added(self.truth, self.planned, self.config)


def drafted(job: Job, folder: Path) -> Drafted:
    """Drafts a mapping in some folder; the job itself has no groups."""
    server = job.servers[0]
    truth = pipeline.captured(job, server, lambda _: None)
    plan = trial.settle(truth, job.config, server).plan
    groups = drafts.drafted(truth, plan)
    file = folder / "mappings.yaml"
    file.write_text(text := document(HEAD, groups), encoding="utf-8")
    read = config.load(file)
    capturing.require_claims(read, truth, whole=not job.aside)
    wanted = replace(job.config, groups=read.groups)
    again = trial.settle(truth, wanted, server).plan
    return Drafted(truth, plan, groups, text, wanted, again)


def shown(plan: Plan) -> list[str]:
    """Every file with its first line and its steps, as lines that can be compared."""
    return [
        line
        for file in plan.files
        for line in (
            f"{file.path}: {file.slot.title}",
            *(f"  {step.unit.object}: {step.sql}" for step in file.steps),
        )
    ]
