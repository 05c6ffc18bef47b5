"""What the page about CI has its reader copy can be read by those who get it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML
from typer.main import get_command

from consolidate.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/howto/ci.md").read_text(encoding="utf-8")
CODES = (ROOT / "docs/reference/exit-codes.md").read_text(encoding="utf-8")
PROVEN = (ROOT / "docs/explain/what-proven-means.md").read_text(encoding="utf-8")


def _blocks(page: str) -> list[Any]:
    """Every block of YAML, parsed."""
    texts = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [YAML(typ="safe").load(text) for text in texts]


def _commands(node: object) -> Iterator[str]:
    """Each line below `run:` and `script:` that calls the program."""
    if isinstance(node, list):
        for value in node:
            yield from _commands(value)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in {"run", "script"}:
                lines = [value] if isinstance(value, str) else value
                whole = "\n".join(lines).splitlines()
                yield from (line for line in whole if line.startswith("consolidate "))
            else:
                yield from _commands(value)


def _refused(line: str) -> str:
    """What the program's own parser has against a command line, if anything."""
    name, *arguments = shlex.split(line)[1:]
    command = getattr(get_command(app), "commands")[name]  # noqa: B009 - typer's are private
    try:
        command.make_context(name, arguments)
    except Exception as error:  # noqa: BLE001 - typer's own classes are private
        return str(error)
    return ""


def test_the_program_takes_every_command_line_of_the_workflows() -> None:
    lines = [line for block in _blocks(PAGE) for line in _commands(block)]
    assert len(lines) == len(_blocks(PAGE)) == 2
    assert [line for line in lines if _refused(line)] == []


@pytest.mark.parametrize("wrong", ["--jnuit verdict.xml", "--junit", "--format yaml"])
def test_a_command_line_that_the_program_does_not_take_would_be_seen(wrong: str) -> None:
    page = f"```yaml\njob:\n  steps:\n    - run: consolidate verify {wrong}\n```\n"
    [line] = _commands(_blocks(page))
    assert _refused(line) != ""


def test_both_workflows_verify_and_keep_the_same_report() -> None:
    github, gitlab = _blocks(PAGE)
    [job] = github["jobs"].values()
    [kept] = [s for s in job["steps"] if s.get("uses", "").startswith("actions/upload-artifact")]
    [reported] = [name["artifacts"]["reports"]["junit"] for name in gitlab.values()]
    lines = [line for block in (github, gitlab) for line in _commands(block)]
    assert {kept["with"]["path"], reported} == {"verdict.xml"}
    assert {line.rpartition("--junit ")[2] for line in lines} == {"verdict.xml"}


def test_every_exit_code_of_a_command_that_ends_by_itself_is_told() -> None:
    told = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)
    assert told == [c for c in re.findall(r"^\| (\d+) \|", CODES, re.MULTILINE) if c != "130"]


def test_every_check_is_told_what_to_do_about() -> None:
    table = PAGE.partition("## When it is red")[2]
    checks = re.findall(r"^\| (\w+) \| ", PROVEN.partition("| Check |")[2], re.MULTILINE)
    assert "new" in checks
    told = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    assert [check for check in checks if not any(check in row for row in told)] == []
