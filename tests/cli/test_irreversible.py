"""What no rollback takes back is said beside the verdict, and nothing else may be left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Project

pytestmark = pytest.mark.pg

STEP = """\
1 step that no rollback takes back
  type public.grade: PostgreSQL can not drop a value of an enum: 'c' \
(rollback/00_initial/20000101_000100_initial_schema_rollback.sql)
"""


def test_it_is_named_and_rollbacks_are_held_to_leave_nothing_else(
    project: Callable[..., Project],
) -> None:
    made = project({"001_grade.sql": "ALTER TYPE grade ADD VALUE 'c';"})
    made.write("brought.sql", "CREATE TYPE grade AS ENUM ('a', 'b');")
    asked = (
        "legacy",
        "--prelude",
        "brought.sql",
        "--server",
        "embedded://18",
        "--output",
        "output",
    )
    for command in ("run", "verify"):
        told = made.run(command, *asked)
        assert told.returncode == 0
        assert STEP in told.stdout
        assert "✓ rollback      1 rollback, all at once compared; what they declare is left" in (
            told.stdout
        )
        waived = made.run(command, *asked, "--waive", "rollback")
        assert waived.returncode == 0
        assert "- rollback      waived" in waived.stdout
    (back,) = (made.folder / "output/rollback/00_initial").glob("*_rollback.sql")
    declared = back.read_text(encoding="utf-8").splitlines()
    kept = [line for line in declared if "type public.grade" not in line]
    assert len(kept) < len(declared)
    back.write_text("\n".join(kept), encoding="utf-8")
    undeclared = made.run("verify", *asked)
    assert undeclared.returncode == 1
    assert "✗ rollback" in undeclared.stdout
