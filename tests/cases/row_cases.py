"""Cases about rows: small histories, and all that the output says of their rows.

A case is a folder `rows/<theme>/<case>/` with a `history/` and an `expected.sql`: the statements
of the output that write its rows or set its sequences, in the order in which they apply. Each case
has a schema of its own, made by its first statement, so that all of them are consolidated and
proven together: as one history, into one file.

    .venv/bin/python -m tests.cases.row_cases [CASE…]

writes every `expected.sql` again, or consolidates some cases only; what changed is to be read
before it is committed.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate import pipeline
from tests.engines import consolidated

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from consolidate.plan import Step
    from consolidate.verdict import Verdict

SERVER = "embedded://18"
_FOLDER = Path(__file__).parent / "rows"
_SCHEMA = re.compile(r"CREATE SCHEMA (\S+);\n")
_DATA = {"ROWS", "SEQUENCE SET", "AS WAS"}
"""Kinds of steps that write rows; what stands as it was may do so."""


@dataclass(frozen=True)
class Case:
    """One folder."""

    folder: Path

    @property
    def expected(self) -> Path:
        """The file with what is written of its rows."""
        return self.folder / "expected.sql"

    @property
    def history(self) -> list[Path]:
        """Its files in apply order."""
        return sorted((self.folder / "history").iterdir())

    @cached_property
    def schema(self) -> str:
        """The schema of its own, as PostgreSQL spells it."""
        found = _SCHEMA.match(self.history[0].read_text(encoding="utf-8"))
        assert found, f"{self} begins with the CREATE SCHEMA of its own schema"
        return found[1]

    def __str__(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"


def cases_in(folder: Path) -> tuple[Case, ...]:
    """The cases of a folder, in order."""
    return tuple(Case(history.parent) for history in sorted(folder.glob("*/*/history")))


CASES = cases_in(_FOLDER)

_MAPPINGS = """\
platform: plain
legacy: legacy
phases: [00_rows]
groups: [{name: rows, phase: 00_rows, files: ["*"]}]
"""
"""One file costs one rollback."""


def verdict(job: pipeline.Job, built: pipeline.Consolidated, tree: Mapping[str, str]) -> Verdict:
    """What the proof says of a tree, as an output of a job."""
    known = {job.servers[0].url: built.truth}
    (found,) = pipeline.prove_everywhere(job, tree, known, tuple, lambda _: None)
    return found


def flaws(job: pipeline.Job, built: pipeline.Consolidated) -> list[str]:
    """What is not as it should be of the output that came of a job."""
    found = verdict(job, built, built.tree)
    return [
        *map(str, found.differences),
        *(check.name for check in found.checks if check.status != "passed"),
        *built.unsettled,
    ]


@dataclass(frozen=True)
class Together:
    """Some cases, consolidated."""

    cases: tuple[Case, ...]
    job: pipeline.Job
    built: pipeline.Consolidated
    kinds: Collection[str] = frozenset(_DATA)
    """Of the steps that the cases are about."""

    def written(self, case: Case) -> str:
        """What the output says of one case."""
        return "\n\n".join(step.sql.strip() for step in self.steps(case)) + "\n"

    def steps(self, case: Case) -> list[Step]:
        """The steps of these kinds, in apply order."""
        return [
            step
            for step in self.built.plan.steps
            if step.unit.type in self.kinds
            and any(
                name.identity.startswith(f"{case.schema}.")
                for name in (step.unit.family, *step.unit.members)
            )
        ]

    def without_the_last_rows(self) -> Mapping[str, str]:
        """The output, where each case lacks the last of these steps."""
        tree = dict(self.built.tree)
        for case in self.cases:
            last = self.steps(case)[-1]
            (path,) = (f.path for f in self.built.plan.files if last in f.steps)
            before, found, behind = tree[path].rpartition(last.sql)
            assert found, f"{path} has the last rows of {case}"
            tree[path] = before + behind
        return tree


def consolidate(
    cases: Sequence[Case], folder: Path, kinds: Collection[str] = frozenset(_DATA)
) -> Together:
    """Consolidates cases as one history, which is put together in a folder."""
    for number, case in enumerate(cases):
        shutil.copytree(case.folder / "history", folder / "legacy" / f"{number:02}_{case.schema}")
    return _consolidated(cases, folder, kinds)


def consolidate_again(together: Together, folder: Path) -> Together:
    """Consolidates an output as if it were a legacy history, in a folder."""
    for file in together.built.plan.files:
        path = folder / "legacy" / file.path
        path.parent.mkdir(parents=True)
        path.write_text(together.built.tree[file.path], encoding="utf-8")
    return _consolidated(together.cases, folder, together.kinds)


def _consolidated(cases: Sequence[Case], folder: Path, kinds: Collection[str]) -> Together:
    config = folder / "mappings.yaml"
    config.write_text(_MAPPINGS, encoding="utf-8")
    request = pipeline.Request(config=config, servers=(SERVER,))
    job = pipeline.screened(pipeline.prepare(request), lambda _: None)
    return Together(tuple(cases), job, consolidated(job), kinds)


def write(
    cases: Sequence[Case], wanted: Sequence[str], kinds: Collection[str] = frozenset(_DATA)
) -> None:
    """Writes what is expected of all cases again, or of some."""
    chosen = [case for case in cases if not wanted or case.folder.name in wanted]
    with tempfile.TemporaryDirectory() as folder:
        together = consolidate(chosen, Path(folder), kinds)
    for case in chosen:
        case.expected.write_text(together.written(case), encoding="utf-8")


if __name__ == "__main__":
    write(CASES, sys.argv[1:])
