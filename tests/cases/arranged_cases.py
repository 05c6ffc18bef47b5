"""Cases about circles and about needs across files: histories, mappings, and what is arranged.

A case is a folder `arranged/<theme>/<case>/` with a `history/`, the `groups.yaml` that the mapping
has for it, and an `expected.txt`: its files with the objects in them, and all that was found. Each
case has a schema of its own, made by its first statement, so that all of them are consolidated and
proven together, in the same three phases.

    .venv/bin/python -m tests.cases.arranged_cases [CASE…]

writes every `expected.txt` again, or consolidates some cases only.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from consolidate import pipeline
from consolidate.wording.units import Rung
from tests.cases import row_cases
from tests.engines import consolidated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.plan import PlannedFile, Step
    from tests.cases.row_cases import Case

SERVER = "embedded://18"
CASES = row_cases.cases_in(Path(__file__).parent / "arranged")

_MARKS = {Rung.VERBATIM: "=", Rung.FOLDED: "&", Rung.SERVER: "~", Rung.AS_WAS: "!"}
_PATH = re.compile(r"migrations/(\w+)/\d{8}_\d{6}_(\w+)\.sql")
_FILE = re.compile(r"\b\d{4}#(?=\d)")


@dataclass(frozen=True)
class Together:
    """Some cases, consolidated."""

    cases: tuple[Case, ...]
    job: pipeline.Job
    built: pipeline.Consolidated

    def arranged(self, case: Case) -> str:
        """The files of a case, and what was found."""
        return "\n".join(self._lines(case)) + "\n"

    def _lines(self, case: Case) -> Iterator[str]:
        for file in self.built.plan.files:
            own = self._steps(file, case)
            if own:
                yield _short(file.path, case)
            for step in own:
                yield f"  {_MARKS[step.rung]} {_short(str(step.unit.object), case)}"
        for finding in self.built.plan.findings:
            if finding.code.startswith("CON3") and _speaks_of(case, finding.message):
                yield f"{finding.code} {_short(finding.message, case)}"

    @staticmethod
    def _steps(file: PlannedFile, case: Case) -> list[Step]:
        return [step for step in file.steps if _speaks_of(case, str(step.unit.object))]


def _speaks_of(case: Case, text: str) -> bool:
    return re.search(rf"(\b|_of_){case.schema}(\b|_\w+ has no file)", text) is not None


def _short(text: str, case: Case) -> str:
    """Paths, and statements by their numbers, so far as other cases do not matter for them."""

    def short(path: re.Match[str]) -> str:
        own = path[2].removeprefix(f"{case.schema}_")
        return f"{path[1]}/{own}" if own != path[2] else "the last file"

    return _PATH.sub(short, _FILE.sub("#", text))


def _groups(case: Case) -> list[Mapping[str, Any]]:
    asked = YAML(typ="safe").load(case.folder / "groups.yaml")
    return [{**group, "name": f"{case.schema}_{group['name']}"} for group in asked]


def consolidate(cases: Sequence[Case], folder: Path) -> Together:
    """Consolidates cases as one history, which is put together in a folder."""
    for number, case in enumerate(cases):
        shutil.copytree(case.folder / "history", folder / "legacy" / f"{number:02}_{case.schema}")
    mapping = {
        "platform": "plain",
        "legacy": "legacy",
        "phases": ["00_first", "01_second", "02_third"],
        "groups": [group for case in cases for group in _groups(case)],
    }
    with (folder / "mappings.yaml").open("w", encoding="utf-8") as stream:
        YAML(typ="safe").dump(mapping, stream)
    request = pipeline.Request(config=folder / "mappings.yaml", servers=(SERVER,))
    job = pipeline.screened(pipeline.prepare(request), lambda _: None)
    return Together(tuple(cases), job, consolidated(job))


def write(wanted: Sequence[str]) -> None:
    """Writes what is expected of all cases again, or of some."""
    chosen = [case for case in CASES if not wanted or case.folder.name in wanted]
    with tempfile.TemporaryDirectory() as folder:
        together = consolidate(chosen, Path(folder))
    for case in chosen:
        expected = case.folder / "expected.txt"
        expected.write_text(together.arranged(case), encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1:])
