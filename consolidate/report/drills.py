"""Puts what came of a drill into plain lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.model import CheckStatus
from consolidate.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.drill import Coverage, Drilled


def status(held: bool | None) -> CheckStatus:  # noqa: FBT001 - None is the third
    """A step as a check: not tried is skipped."""
    if held is None:
        return CheckStatus.SKIPPED
    return CheckStatus.PASSED if held else CheckStatus.FAILED


def with_rows(coverage: Coverage) -> str:
    """In how many tables there were rows."""
    every = len(coverage.filled) + len(coverage.empty)
    none = ", none in" if coverage.empty else ""
    return f"With rows in {len(coverage.filled)} of {counted(every, 'table')}{none}"


def without_rows(coverage: Coverage) -> Sequence[str]:
    """The tables without, a line each with the reason."""
    return [f"{name}: {why}" for name, why in coverage.empty]


def answer(drilled: Sequence[Drilled]) -> str:
    """The answer in one sentence."""
    against = [one.server for one in drilled if not one.proven]
    number = counted(len(drilled[0].files) if drilled else 0, "rollback")
    if against:
        return f"NOT proven: not each of {number} leads back on {', '.join(against)}."
    on = ", ".join(f"PostgreSQL {one.version} ({one.server})" for one in drilled)
    return f"Proven: {number} lead back to the state before their files, on {on}."
