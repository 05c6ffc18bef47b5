"""Runs the program on any number of legacy folders and prints a table, a line for each.

A bad case is one command to see: `make corpora PATH…`; unknown options go to the program.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEAD = (
    *("history", "runner", "files", "statements", "verdict", "level"),
    *("=", "&", "~", "!", "seconds", "refused"),
)
_WIDTHS = (24, 16, 10, 13, 10, 10, 5, 4, 5, 4, 7, 0)
_VERDICTS = {0: "proven", 1: "NOT proven", 3: "input", 4: "server", 5: "BUG", 130: "stopped"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What came of one folder."""

    folder: Path
    code: int
    answer: Mapping[str, Any]
    """The program's JSON: a verdict or an error."""
    seconds: float


def run(folder: Path, options: Sequence[str], workplace: Path) -> Run:
    """Consolidates one folder, with no configuration but the options."""
    command = [sys.executable, "-m", "consolidate", "run", str(folder.resolve()), *options]
    command += ["--output", str(workplace / "output"), "--format", "json", "--quiet"]
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - this program itself
        command, cwd=workplace, capture_output=True, check=False
    )
    answer = json.loads(done.stdout) if done.stdout.strip() else {"message": _last(done.stderr)}
    return Run(folder=folder, code=done.returncode, answer=answer, seconds=time.monotonic() - began)


def _last(told: bytes) -> str:
    lines = told.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


def cells(one: Run) -> tuple[str, ...]:
    """The columns of a run, as text."""
    numbers = one.answer.get("summary") or {}
    rungs = numbers.get("rungs", {})
    return (
        one.folder.name,
        one.answer.get("runner", ""),
        _change(numbers, "legacy_files", "files"),
        _change(numbers, "legacy_statements", "statements"),
        _VERDICTS.get(one.code, f"exit {one.code}"),
        one.answer.get("level", ""),
        *(str(rungs.get(rung, "")) for rung in ("verbatim", "folded", "server", "as-was")),
        f"{one.seconds:.0f}",
        refused(one.answer),
    )


def refused(answer: Mapping[str, Any]) -> str:
    """What was not taken, in a few words: the first problem, or the files that are set aside."""
    aside = answer.get("quarantine", [])
    if aside:
        return f"{len(aside)} set aside: {aside[0]['reason']}"
    differences = answer.get("differences", [])
    if differences:
        return f"{len(differences)} differences: {differences[0]['object']}"
    failed = [c for c in answer.get("checks", []) if c["status"] != "passed"]
    if failed:
        return f"{failed[0]['name']}: {failed[0]['reason']}"
    problems = answer.get("problems", [])
    return str(problems[0] if problems else answer.get("message", ""))


def _change(numbers: Mapping[str, Any], before: str, after: str) -> str:
    return f"{numbers[before]} → {numbers[after]}" if numbers else ""


def line(columns: Sequence[str]) -> str:
    """One line of the table; what is too long for its column pushes the others on."""
    pairs = zip(columns, _WIDTHS, strict=True)
    return " ".join(f"{text:<{width}}" for text, width in pairs).rstrip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table as it grows; 0 if every folder was proven."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="legacy folders of any runner")
    asked, options = parser.parse_known_args(arguments)
    say = sys.stdout.write
    say(f"{line(_HEAD)}\n")
    codes = []
    for folder in asked.folders:
        with tempfile.TemporaryDirectory(prefix="consolidate-corpora-") as workplace:
            one = run(folder, options, Path(workplace))
        say(f"{line(cells(one))}\n")
        sys.stdout.flush()
        codes.append(one.code)
    return 0 if not any(codes) else 1


if __name__ == "__main__":
    sys.exit(main())
