"""Findings as the lines with which a step of GitHub Actions annotates files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.model import Severity
from consolidate.phrases import counted, one_line_each

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.model import Finding

MOST = 10
"""Annotations of one kind that GitHub shows of a step."""

_KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github(found: Sequence[Finding], folder: str) -> str:
    """The first few findings of each severity as annotations, and a line on those left out.

    Args:
        found: In the order in which they are told.
        folder: Where the files stand, as seen from the root of the repository.
    """
    return "".join(f"{line}\n" for line in _lines(found, folder))


def _lines(found: Sequence[Finding], folder: str) -> Iterator[str]:
    for severity, kind in _KINDS.items():
        told = [one for one in found if one.severity is severity]
        for one in told[:MOST]:
            yield f"::{kind} {_properties(one, folder)}::{_data(one.message)}"
        if len(told) > MOST:
            left = counted(len(told) - MOST, f"more {kind}")
            yield f"{left}; GitHub shows {MOST} of a kind"


def _properties(finding: Finding, folder: str) -> str:
    said = {"title": f"{finding.code} {findings.CODES[finding.code]}"}
    if finding.span:
        said |= {
            "file": f"{folder}/{finding.span.path}".removeprefix("./"),
            "line": str(finding.span.line),
            "col": str(finding.span.column),
        }
    return ",".join(f"{name}={_property(value)}" for name, value in said.items())


def _data(text: str) -> str:
    """A message as the runner's command parser takes it, which shows it on a terminal."""
    return one_line_each(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property, which a colon or a comma would end."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
