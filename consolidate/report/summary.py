"""All that a reviewer is told about a run, as one value; every kind of report is a view of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import tally
from consolidate.downs import results
from consolidate.fates import fates
from consolidate.provenance import Provenance, sources
from consolidate.remarks import unsaid
from consolidate.traceless import without_trace
from consolidate.vanished import vanished
from consolidate.verdict import overall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.downs.results import Results
    from consolidate.fates import DataStatements
    from consolidate.model import Finding, History, ObjectId, SetAside
    from consolidate.plan import Plan, PlannedFile
    from consolidate.remarks import Remark
    from consolidate.tally import Tally
    from consolidate.truth import Truth
    from consolidate.vanished import Vanished
    from consolidate.verdict import Level, Verdict
    from consolidate.wording.units import Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """One file of the output."""

    path: str
    title: str
    phase: str
    """Empty for a seed."""
    rungs: Mapping[Rung, int]
    """How many steps stand on each rung."""
    rows: int
    """How many it inserts."""
    legacy: tuple[str, ...]
    """The legacy files behind it."""
    lines: tuple[str, ...]
    """The same with their lines: `a.sql:3-9, 14`."""
    rollback: str
    guarded: tuple[str, ...]
    """Tables that its rollback refuses to drop while they hold rows of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyFile:
    """One legacy file, and what became of it."""

    path: str
    into: tuple[str, ...]
    """The files of the output that its statements are behind."""
    reason: str = ""
    """Why there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """One object of the output, as it is worded."""

    object: ObjectId
    rung: Rung
    path: str
    sources: tuple[str, ...]
    """`file:line` of the legacy statements behind it."""
    because: str = ""
    """Why it is in the server's words, if it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How many objects of some kinds the history made that are there in the end."""

    tables: int
    indexes: int
    triggers: int
    disabled: tuple[str, ...]
    """Triggers that do not fire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was made, of what, and how sure that is."""

    verdicts: tuple[Verdict, ...]
    numbers: Tally
    files: tuple[MadeFile, ...]
    """In apply order."""
    legacy: tuple[LegacyFile, ...]
    """In path order, those left out that are set aside."""
    worded: tuple[Worded, ...]
    """In apply order."""
    data: tuple[DataStatements, ...]
    """What became of each data statement, in legacy order."""
    made: Made
    vanished: Vanished
    unsaid: tuple[Remark, ...]
    """The comments that the output does not have, in legacy order."""
    empty_without_seeds: tuple[ObjectId, ...]
    irreversible: tuple[str, ...]
    """What no rollback takes back, each with the rollback that says so."""
    findings: tuple[Finding, ...]
    aside: tuple[SetAside, ...]
    new: tuple[str, ...] = ()
    """The migrations after the baseline, in apply order."""
    downs: Results | None = None
    """What the authors' own way back is worth; None if there is none."""

    @property
    def level(self) -> Level:
        """How alike the databases are, the worst server counted."""
        return overall(self.verdicts)

    def proven(self, verdicts: Sequence[Verdict], new: Sequence[str] = ()) -> Summary:
        """The same once it is known how sure it is, with one verdict per server.

        Args:
            verdicts: What the proofs found.
            new: The migrations after the baseline, which were tried on it.
        """
        aside = {(one.path, one.reason): one for verdict in verdicts for one in verdict.aside}
        kept = tuple(aside[key] for key in sorted(aside))
        return replace(self, verdicts=tuple(verdicts), aside=kept, new=tuple(new))

    def with_downs(self, found: Results | None) -> Summary:
        """The same once it is known what the authors' own way back is worth."""
        told = tuple(results.found(found)) if found else ()
        return replace(self, downs=found, findings=(*self.findings, *told))


def summarize(
    plan: Plan, truth: Truth, history: History, irreversible: Sequence[str] = ()
) -> Summary:
    """Gathers what was planned and replayed; nothing is proven yet.

    Args:
        plan: What was rendered.
        truth: What it was rendered from.
        history: The legacy files.
        irreversible: What no rollback takes back.
    """
    provenance = Provenance.of(truth)
    return Summary(
        verdicts=(),
        numbers=tally.tally(plan, truth.files),
        files=tuple(_file(file, truth, provenance) for file in plan.files),
        legacy=_legacy(plan, truth, history, provenance),
        worded=tuple(
            Worded(
                object=step.unit.object,
                rung=step.rung,
                path=file.path,
                sources=provenance.places(step.sources),
                because=step.unit.because,
            )
            for file in plan.files
            for step in file.steps
        ),
        data=fates(plan, truth),
        made=_made(truth),
        vanished=vanished(truth),
        unsaid=unsaid(plan, truth),
        empty_without_seeds=tally.empty_without_seeds(plan, truth),
        irreversible=tuple(irreversible),
        findings=plan.findings,
        aside=(),
    )


def _file(file: PlannedFile, truth: Truth, provenance: Provenance) -> MadeFile:
    behind = sources(file)
    members = {member for step in file.steps for member in step.members}
    return MadeFile(
        path=file.path,
        title=file.slot.title,
        phase=file.slot.phase,
        rungs=tally.rungs(file.steps),
        rows=sum(tally.rows(file.steps, truth).values()),
        legacy=provenance.paths(behind),
        lines=provenance.lines(behind),
        rollback=file.slot.rollback_path,
        guarded=tuple(sorted(m.identity for m in members if m.kind == "table")),
    )


def _legacy(
    plan: Plan, truth: Truth, history: History, provenance: Provenance
) -> tuple[LegacyFile, ...]:
    into: dict[str, list[str]] = defaultdict(list)
    for file in plan.files:
        for path in provenance.paths(sources(file)):
            into[path].append(file.path)
    reasons = without_trace(plan, truth, history)
    return tuple(
        LegacyFile(path=path, into=tuple(into[path]), reason=reasons.get(path, ""))
        for path in sorted(m.path for m in history.migrations)
    )


def _made(truth: Truth) -> Made:
    final = truth.final.facts
    new = final.objects - truth.platform.facts.objects
    triggers = sorted(name for name in new if name.kind == "trigger")
    return Made(
        tables=sum(name.kind == "table" for name in new),
        indexes=sum(name.kind == "index" for name in new),
        triggers=len(triggers),
        disabled=tuple(t.identity for t in triggers if final.of(t).get("enabled") == "disabled"),
    )
