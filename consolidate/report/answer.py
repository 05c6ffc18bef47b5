"""Puts the answer of a proof, and what speaks against it, into plain lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.model import CheckStatus, Difference, DifferenceKind
from consolidate.phrases import counted
from consolidate.verdict import overall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.model import Check
    from consolidate.verdict import Verdict


def sentence(verdict: Verdict) -> str:
    """The answer, and what it is about."""
    return _sentence(verdict, f"PostgreSQL {verdict.version} ({verdict.server})")


def lasting_sentence(verdict: Verdict) -> str:
    """The same, for a file that is kept: see `place`."""
    return _sentence(verdict, place(verdict))


def place(verdict: Verdict) -> str:
    """The major version and the server, as they are the same on every machine.

    Where somebody's own server stands is nobody else's business.
    """
    url = verdict.server
    kept = "postgresql://" if url.startswith(("postgresql:", "postgres:")) else url
    return f"PostgreSQL {verdict.version.partition('.')[0]} ({kept})"


def overall_sentence(verdicts: Sequence[Verdict], *, lasting: bool = False) -> str:
    """On how many servers it is proven, and on which not; `lasting` as in `lasting_sentence`."""
    against = [verdict for verdict in verdicts if not verdict.equivalent]
    if verdicts and not against:
        return f"Proven on all {len(verdicts)} servers: {overall(verdicts)}."
    where = ", ".join(place(v) if lasting else v.server for v in against)
    return f"NOT proven on {len(against)} of {len(verdicts)} servers: {where}."


def _sentence(verdict: Verdict, on: str) -> str:
    where = f"from the platform's empty database, on {on}, the output"
    less = f" less {counted(len(verdict.aside), 'file')} set aside" if verdict.aside else ""
    if verdict.equivalent:
        return f"Proven: {where} builds what the legacy history{less} builds."
    if verdict.failed and verdict.builds:
        but = "; ".join(map(_failed, verdict.failed))
        same = f"{where} builds what the legacy history{less} builds: the database is the same"
        return f"NOT proven: {same}. But {but}."
    against = [f"{check.name} {check.status}" for check in verdict.failed]
    if verdict.differences:
        against.append(counted(len(verdict.differences), "difference"))
    why = ", ".join(against) or "nothing was checked"
    shown = verdict.differences or any(c.status is CheckStatus.FAILED for c in verdict.checks)
    claim = "does not build" if shown else "is not shown to build"
    return f"NOT proven: {where} {claim} what the legacy history{less} builds ({why})."


def _failed(check: Check) -> str:
    """What a check that is not of the build says where it stands against the proof."""
    means = _MEANS.get(check.name, "") if check.status is CheckStatus.FAILED else ""
    return f"{check.name} {check.status}" + (f": {means}" if means else "")


_MEANS = {
    "reproducible": "rendered now, the files are others",
    "manifest": "it records other files than these",
    "line": "the legacy history is no longer the one that it stands for",
    "tail": "the migrations behind the line lead elsewhere",
    "drill": "not every rollback leads back",
    "new": "the migrations after the baseline do not hold",
}
"""What it means that a check has failed, of those that are not of the build."""


_VALUE = 160
"""Characters of a differing value that are shown."""
_LEAD = 30
"""Of these, how many of what both values begin with."""


def difference_line(found: Difference) -> str:
    """One difference in a line, long values cut to the stretch where they differ."""
    where = f"{found.object}" + (f" · {found.attribute}" if found.attribute else "")
    if found.kind is DifferenceKind.CHANGED:
        left, right = values(found.left or "", found.right or "")
        return f"changed  {where}: {left} → {right}"
    value = found.left if found.kind is DifferenceKind.MISSING else found.right
    return f"{found.kind:<7}  {where}" + (f": {_clipped(value, 0)}" if value else "")


def values(left: str, right: str = "") -> tuple[str, str]:
    """Two values as a line has room for them: the stretch where they differ."""
    skip = _skipped(left, right)
    return _clipped(left, skip), _clipped(right, skip)


def _skipped(left: str, right: str) -> int:
    """How much of the beginning of two long values to leave out, because they share it."""
    if max(len(left), len(right)) <= _VALUE:
        return 0
    pairs = enumerate(zip(left, right, strict=False))
    shared = next((at for at, (a, b) in pairs if a != b), min(len(left), len(right)))
    return max(shared - _LEAD, 0)


def _clipped(value: str, skip: int) -> str:
    """A stretch of a long value, from a little before the place where it differs."""
    end = skip + _VALUE
    return f"{'…' if skip else ''}{value[skip:end]}{'…' if value[end:] else ''}"
