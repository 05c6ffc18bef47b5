"""The pages about the command line say what the program says, and name tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs import reference

ROOT = Path(__file__).parents[2]
PAGE = reference.PAGE.read_text(encoding="utf-8")
CONTRACT = (ROOT / "docs/reference/cli-contract.md").read_text(encoding="utf-8")

POINTS = 22
"""Of the list that the contract goes through."""


def test_every_help_block_is_what_the_program_says() -> None:
    assert reference.rewritten(PAGE) == PAGE


def test_a_block_that_is_out_of_date_would_be_seen() -> None:
    before, option, after = PAGE.rpartition("--no-config")
    old = f"{before}--without{option}{after}"
    assert reference.rewritten(old) != old


def test_every_command_has_a_block() -> None:
    assert sorted(reference.described(PAGE)) == sorted(reference.commands())


def _points(page: str) -> dict[int, str]:
    """What stands in the last column for each point."""
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE)
    return {int(number): shown for number, shown in rows}


def _missing(page: str) -> list[str]:
    """The tests that a page names and that there are not."""
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page)
    return [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file()
        or (name and f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8"))
    ]


def test_every_point_of_the_contract_has_a_test_or_says_that_it_does_not_hold_yet() -> None:
    points = _points(CONTRACT)
    assert list(points) == list(range(1, POINTS + 1))
    bare = [n for n, shown in points.items() if "`tests/" not in shown and "not yet" not in shown]
    assert bare == []


def test_every_test_that_the_contract_names_exists() -> None:
    assert _missing(CONTRACT) == []


def test_a_test_that_is_gone_would_be_seen() -> None:
    gone = "`tests/cli/test_gone.py::test_x`, `tests/cli/test_ending.py::test_gone`"
    assert _missing(gone) == [
        "tests/cli/test_gone.py::test_x",
        "tests/cli/test_ending.py::test_gone",
    ]
