"""What the project's README shows of a run is what a run says."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from consolidate.report import terminal

if TYPE_CHECKING:
    from tests.sample_build import Sample

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_readme_shows_what_the_program_says(sample: Sample) -> None:
    block = re.search(r"```console\n\$ [^\n]*\n(.*?)```", README, re.DOTALL)
    assert block
    shown = [line for line in block[1].splitlines() if line not in {"", "…"}]
    said = _said(sample)
    assert [line for line in shown if line not in said] == [], "\n".join(said)
    places = [said.index(line) for line in shown]
    assert places == sorted(places)
    assert shown[-1] == said[-1]


def _said(sample: Sample) -> list[str]:
    """What `run` prints on standard output for the sample."""
    done = sample.consolidated
    out = Console(file=io.StringIO(), width=1000, markup=False, highlight=False)
    terminal.plan_view(done.plan, done.truth, out)
    for verdict in sample.verdicts:
        terminal.verdict_view(verdict, out)
    terminal.overall_view(sample.verdicts, out)
    assert isinstance(out.file, io.StringIO)
    return [line.rstrip() for line in out.file.getvalue().splitlines()]
