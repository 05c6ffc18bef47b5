"""What no rollback takes back is said beside the verdict, and keeps it from being yes."""

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


def test_it_is_named_and_takes_a_waiver(project: Callable[..., Project]) -> None:
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
    refused = made.run("run", *asked)
    assert refused.returncode == 1
    assert STEP in refused.stdout
    assert "✗ rollback" in refused.stdout
    for command in ("run", "verify"):
        waived = made.run(command, *asked, "--waive", "rollback")
        assert waived.returncode == 0
        assert STEP in waived.stdout
        assert "- rollback      waived" in waived.stdout
