"""Plans, verdicts and errors as versioned JSON, the same bytes for the same values."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from consolidate import tally
from consolidate.downs.results import Outcome
from consolidate.fates import fates
from consolidate.provenance import Provenance, sources
from consolidate.report import documents
from consolidate.verdict import Level, overall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.doctor import Line
    from consolidate.downs.results import Results
    from consolidate.drill import Drilled
    from consolidate.errors import ConsolidateError
    from consolidate.fates import DataStatements
    from consolidate.model import Difference, Finding, ObjectId, SetAside
    from consolidate.plan import Placement, Plan, PlannedFile
    from consolidate.report.summary import Summary
    from consolidate.tally import Tally
    from consolidate.truth import Truth
    from consolidate.vanished import Vanished
    from consolidate.verdict import Verdict


def verdict_json(
    verdicts: Sequence[Verdict],
    inputs: Sequence[tuple[str, str]],
    *,
    runner: str = "plain",
    told: Summary | None = None,
) -> str:
    """`consolidate/verdict@1`: all servers taken together, and each by itself in `verdicts`.

    Args:
        verdicts: One per server.
        inputs: Path and SHA-256 of each file that was read.
        runner: Whose conventions the legacy folder follows.
        told: What else is known of the run: `summary` as in `consolidate/plan@1`, `disappeared`,
            `data`, `new`, `irreversible`, `empty_without_seeds`, `downs`, `findings`.
    """
    level = overall(verdicts)
    counts: dict[str, int] = {}
    for verdict in reversed(verdicts):
        counts.update(verdict.counts)
    return _text(
        "consolidate/verdict@1",
        {
            "equivalent": level is not Level.DIFFERENT,
            "level": level,
            "server": ", ".join(verdict.server for verdict in verdicts),
            "checks": [check for verdict in verdicts for check in _checks(verdict)],
            "differences": [found for verdict in verdicts for found in _differences(verdict)],
            "volatile": sorted({line for verdict in verdicts for line in verdict.volatile}),
            "waivers": sorted({line for verdict in verdicts for line in verdict.waivers}),
            "limits": sorted({line for verdict in verdicts for line in verdict.limits}),
            "quarantine": [
                {"path": path, "reason": reason}
                for path, reason in sorted({(a.path, a.reason) for v in verdicts for a in v.aside})
            ],
            "inputs": [{"path": path, "sha256": digest} for path, digest in sorted(inputs)],
            "counts": counts,
            "runner": runner,
            **_told(told),
            "verdicts": [verdict_record(verdict) for verdict in verdicts],
        },
    )


def _data(found: Sequence[DataStatements]) -> list[dict[str, Any]]:
    return [
        {
            "lines": one.lines,
            "statements": one.statements,
            "command": one.command,
            "tables": list(one.tables),
            "fate": one.fate,
            "into": list(one.into),
            "reason": one.reason,
            "beside": list(one.beside),
        }
        for one in found
    ]


def plan_json(plan: Plan, truth: Truth, aside: Sequence[SetAside] = ()) -> str:
    """`consolidate/plan@1`: every file with its steps, the findings and the numbers."""
    provenance = Provenance.of(truth)
    found = tally.tally(plan, truth.files)
    return _text(
        "consolidate/plan@1",
        {
            "data": _data(fates(plan, truth)),
            "files": [_file(file, provenance, plan.placements) for file in plan.files],
            "findings": [_finding(finding) for finding in plan.findings],
            "unclaimed": [
                {
                    "kind": step.unit.object.kind,
                    "object": step.unit.object.identity,
                    "path": slot.path,
                    "reason": placement.reason,
                }
                for step, slot, placement in plan.unclaimed()
            ],
            "quarantine": [{"path": one.path, "reason": one.reason} for one in aside],
            "summary": _summary(found),
        },
    )


def doctor_json(lines: Sequence[Line]) -> str:
    """`consolidate/doctor@1`: every line, with what to do where it is not ok."""
    return _text(
        "consolidate/doctor@1",
        {
            "lines": [
                {
                    "section": line.section,
                    "subject": line.subject,
                    "status": line.status,
                    "told": line.told,
                    "help": line.help,
                }
                for line in lines
            ],
        },
    )


def drill_json(drilled: Sequence[Drilled]) -> str:
    """`consolidate/drill@1`: for each server every file with its steps; null is not tried."""
    return _text(
        "consolidate/drill@1",
        {
            "proven": all(one.proven for one in drilled),
            "drills": [
                {
                    "server": one.server,
                    "version": one.version,
                    "depth": one.depth,
                    "proven": one.proven,
                    "files": [asdict(file) for file in one.files],
                    "deeper": one.deeper,
                    "differences": [_difference(found) for found in one.differences],
                    "tables": one.coverage
                    and {
                        "filled": list(one.coverage.filled),
                        "empty": dict(one.coverage.empty),
                    },
                }
                for one in drilled
            ],
        },
    )


def error_json(error: ConsolidateError) -> str:
    """`consolidate/error@1`: what the terminal says of an error, as fields."""
    return _text(
        "consolidate/error@1",
        {
            "exit_code": error.exit_code,
            "message": error.message,
            "problems": list(error.problems),
            "hint": error.hint,
        },
    )


def document(name: str, fields: Mapping[str, Any]) -> str:
    """Any other document under its name, such as `consolidate/version@1`."""
    return _text(name, fields)


def _summary(found: Tally) -> dict[str, Any]:
    return {
        "legacy_statements": found.legacy_statements,
        "legacy_files": found.legacy_files,
        "statements": found.statements,
        "files": found.files,
        "phases": found.phases,
        "rungs": dict(found.rungs),
    }


def _told(told: Summary | None) -> dict[str, Any]:
    if told is None:
        return {"summary": None}
    return {
        "summary": _summary(told.numbers),
        "data": _data(told.data),
        "disappeared": _disappeared(told.vanished),
        "new": list(told.new),
        "irreversible": list(told.irreversible),
        "empty_without_seeds": [table.identity for table in told.empty_without_seeds],
        "downs": _downs(told.downs) if told.downs else None,
        "findings": [_finding(finding) for finding in told.findings],
    }


def _downs(found: Results) -> dict[str, Any]:
    return {
        "migrations": found.migrations,
        "major": found.major,
        "counts": {outcome: found.count(outcome) for outcome in Outcome},
        "scripts": [
            {
                "migration": one.migration,
                "path": one.place.path,
                "line": one.place.line,
                "column": one.place.column,
                "commented": one.commented,
                "outcome": one.outcome,
                "told": list(one.told),
            }
            for one in found.scripts
        ],
    }


def _disappeared(found: Vanished) -> dict[str, Any]:
    return {
        "removed": [
            {
                "object": str(one.object),
                "by": one.by,
                "made": one.made or None,
                "first": str(one.first) if one.first else None,
                "of_platform": one.brought,
                "along": [str(name) for name in one.along],
            }
            for one in found.removed
        ],
        "renamed": [
            {"first": str(one.first), "object": str(one.object), "by": list(one.by)}
            for one in found.renamed
        ],
        "superseded": [
            {
                "object": str(one.object),
                "dropped": list(one.dropped),
                "replaced": list(one.replaced),
            }
            for one in found.superseded
        ],
        "rights": [
            {
                "object": str(one.object),
                "role": one.role,
                "rights": list(one.rights),
                "by": one.by,
                "made": one.made,
            }
            for one in found.rights
        ],
        "rows": [
            {"table": one.table.identity, "rows": one.rows, "by": one.by} for one in found.rows
        ],
    }


def _text(name: str, fields: Mapping[str, Any]) -> str:
    return documents.text({"format": name, **fields})


def verdict_record(verdict: Verdict) -> dict[str, Any]:
    """One server's verdict as JSON has it."""
    return {
        "server": verdict.server,
        "version": verdict.version,
        "equivalent": verdict.equivalent,
        "level": verdict.level,
        "checks": _checks(verdict),
        "differences": _differences(verdict),
        "volatile": list(verdict.volatile),
        "waivers": list(verdict.waivers),
        "limits": list(verdict.limits),
        "counts": dict(verdict.counts),
    }


def _checks(verdict: Verdict) -> list[dict[str, Any]]:
    return [
        {
            "name": check.name,
            "status": check.status,
            "reason": check.reason,
            "server": verdict.server,
        }
        for check in verdict.checks
    ]


def _differences(verdict: Verdict) -> list[dict[str, Any]]:
    return [{**_difference(found), "server": verdict.server} for found in verdict.differences]


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "object": str(found.object),
        "attribute": found.attribute,
        "left": found.left,
        "right": found.right,
    }


def _file(
    file: PlannedFile, provenance: Provenance, placements: Mapping[ObjectId, Placement]
) -> dict[str, Any]:
    return {
        "path": file.path,
        "phase": file.slot.phase,
        "title": file.slot.title,
        "rollback": file.slot.rollback_path,
        "sources": list(provenance.paths(sources(file))),
        "steps": [
            {
                "kind": step.unit.object.kind,
                "object": step.unit.object.identity,
                "type": step.unit.type,
                "rung": step.rung,
                "sources": list(provenance.places(step.sources)),
                "notes": list(step.unit.notes),
                "placed": _placed(placements.get(step.unit.object)),
            }
            for step in file.steps
        ],
    }


def _placed(placement: Placement | None) -> dict[str, Any] | None:
    """How it was found out where a step was to be; null for what completes the files."""
    if placement is None:
        return None
    return {"way": placement.way, "about": placement.about, "wanted": placement.slot.path}


def _finding(finding: Finding) -> dict[str, Any]:
    span = finding.span
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help,
        "path": span.path if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
    }
