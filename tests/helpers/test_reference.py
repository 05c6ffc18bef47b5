"""The reference speaks of every check and every status, and of no other."""

from __future__ import annotations

import re
from pathlib import Path

from consolidate.helpers import TITLES, migrations
from tests.helpers.expected import CHECKS, LIST

PAGE = (Path(__file__).parents[2] / "docs/reference/helpers.md").read_text(encoding="utf-8")


def _first_cells(title: str) -> list[str]:
    """The first cells of the tables' rows below a heading, where they are code."""
    _, _, section = PAGE.partition(f"\n## {title}\n")
    section, _, _ = section.partition("\n## ")
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_every_column_status_and_check_is_in_the_reference() -> None:
    status, integrity = (helper.up for helper in migrations(LIST))
    assert _first_cells("check_migration_status()") == [
        *re.findall(r"^    (\w+) (?:text|timestamptz),?$", status, re.MULTILINE)[:5],
        *("applied", "pending", "other name", "unlisted", "not recorded"),
    ]
    columns = re.search(r"RETURNS TABLE \((.*)\)", integrity)
    assert columns
    assert _first_cells("verify_schema_integrity(schemas)") == [
        *(column.split()[0] for column in columns[1].split(",")),
        *CHECKS,
    ]
    assert re.findall(r"^## (\w+)\(", PAGE, re.MULTILINE) == list(TITLES)
