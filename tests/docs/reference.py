"""Writes what the program says of itself into the reference: `make reference`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from consolidate import findings, markdown
from consolidate.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs/reference/command-line.md"
FINDINGS = Path(__file__).parents[2] / "docs/reference/findings.md"
COLUMNS = "80"

_BLOCK = re.compile(r"<!-- help: ?([a-z ]*)-->\n(.*?)<!-- /help -->", re.DOTALL)
_PROGRAM = "from consolidate.cli import main; main()"


def commands(command: Any = None, path: str = "") -> Iterator[str]:  # noqa: ANN401 - typer's are private
    """What is typed for the program, for its groups and for its commands."""
    command = command or get_command(app)
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{path} {name}".strip())


def described(page: str) -> list[str]:
    """The commands that a page has a block for."""
    return [found[1].strip() for found in _BLOCK.finditer(page)]


def rewritten(page: str) -> str:
    """The page with every block as the program has it now."""
    return _BLOCK.sub(lambda found: _block(found[1].strip()), page)


def _block(command: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *command.split(), "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "COLUMNS": COLUMNS, "PYTHONIOENCODING": "utf-8"},
    )
    named = f"{command} " if command else ""
    return f"<!-- help: {named}-->\n```text\n{ran.stdout}```\n<!-- /help -->"


def with_findings(page: str) -> str:
    """The page of the findings as the program knows them now; what stands before them is kept."""
    head, mark, _ = page.partition("<!-- findings -->\n")
    meanings = findings.MEANINGS.values()
    rows = [(one.code, one.severity, f"{one.title}.", one.remedy) for one in meanings]
    table = markdown.table(("Code", "Severity", "What it says", "What to do"), rows)
    whys = [f"### {one.code}\n\n{one.title}.\n\n{one.why}\n" for one in meanings]
    return "\n".join([f"{head}{mark}{table}", "", "## Why they matter", "", *whys])


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    FINDINGS.write_text(with_findings(FINDINGS.read_text(encoding="utf-8")), encoding="utf-8")
