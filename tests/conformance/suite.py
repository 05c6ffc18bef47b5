"""Consolidates histories that other tools once squashed wrongly, and proves their wrong outputs.

A case is a folder with a `history/` and `wrong.sql`: the whole output of a tool that has the fault
that the case is named after. Each case has a schema of its own, so that all are one history. Their
wrong outputs are proven as one output, too, but for those that a server refuses, which would hide
the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate import pipeline
from consolidate.model import ObjectId
from tests.cases import row_cases
from tests.cases.row_cases import Case

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.verdict import Verdict
    from tests.cases.row_cases import Together

_FOLDER = Path(__file__).parent / "cases"
CASES = tuple(Case(folder) for folder in sorted(_FOLDER.iterdir()))

REFUSED = frozenset({"keys_in_a_circle", "key_over_a_unique_index", "transaction_of_a_file"})
"""Cases whose wrong output can not be applied as one file in one transaction."""


@dataclass(frozen=True)
class Suite:
    """All cases, consolidated as one history."""

    together: Together

    @cached_property
    def ours(self) -> Verdict:
        """The verdict on our output."""
        return self._verdict(self.together.built.tree)

    @cached_property
    def _wrong(self) -> Verdict:
        """The verdict on the wrong outputs that a server takes."""
        return self._verdict(self._tree([c for c in CASES if c.folder.name not in REFUSED]))

    def is_told(self, case: Case) -> bool:
        """Whether the proof tells that the case's wrong output is wrong.

        As other cases are missing in a wrong output, only what is told of the case's own objects
        counts, or that the file does not apply.
        """
        if case.folder.name in REFUSED:
            return self.refuses((case.folder / "wrong.sql").read_text(encoding="utf-8"))
        return any(case.schema in str(difference) for difference in self._wrong.differences)

    def refuses(self, text: str) -> bool:
        """Whether the proof tells that a text can not be applied as the one migration."""
        found = {difference.object for difference in self._verdict(self._with(text)).differences}
        return ObjectId("file", self._path) in found

    def _tree(self, cases: Sequence[Case]) -> Mapping[str, str]:
        """Our output with the only migration replaced by the wrong outputs of some cases.

        The other cases are missing in it, which tells nothing of these.
        """
        wrong = [(case.folder / "wrong.sql").read_text(encoding="utf-8") for case in cases]
        return self._with("\n".join(wrong))

    def _with(self, text: str) -> Mapping[str, str]:
        return {**self.together.built.tree, self._path: text}

    @property
    def _path(self) -> str:
        """The one migration of our output."""
        (path,) = (file.path for file in self.together.built.plan.files)
        return path

    def _verdict(self, tree: Mapping[str, str]) -> Verdict:
        job, truth = self.together.job, self.together.built.truth
        known = {job.servers[0].url: truth}
        (verdict,) = pipeline.prove_everywhere(job, tree, known, tuple, lambda _: None)
        return verdict


def suite(folder: Path) -> Suite:
    """Consolidates all cases in a folder that is empty."""
    return Suite(row_cases.consolidate(CASES, folder))
