"""Says which tests pytest-xdist keeps together, and which come first.

Those of one file are kept together, and all that use the sample. What takes long comes first and
what takes no time last, so that in the end no worker is alone with minutes of work.

`--dist loadgroup` would do it by marks, but pytest-xdist 3.8 groups nothing under pytest 9.2
(pytest-dev/pytest-xdist#1386).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from pathlib import Path

    from xdist.remote import Producer
    from xdist.workermanage import WorkerController

_THE_SAMPLE = "the sample"

_LONGEST = (
    "tests/newcomer/test_newcomer.py",
    _THE_SAMPLE,
    "tests/cases/test_cases.py",
    "tests/same/test_same.py",
    "tests/servers/test_engines.py",
    "tests/cli/test_interrupts.py",
)
"""Units of work that take minutes each, whatever the number of their tests; the longest first."""

_NEEDS_A_SERVER = re.compile(r"\bmark\.pg\b|\bpsycopg\b|\b(?:clusters|database): ")
"""A mark, or what only those have who talk to a server."""


class Together(LoadScopeScheduling):
    """One unit of work is one file, and the files that use the sample, which is dear to build."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        if self.workqueue:  # which is in order of the numbers of tests
            self.workqueue.move_to_end(min(self.workqueue, key=self._rank), last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return _THE_SAMPLE if _uses_the_sample(self.config.rootpath / path) else path

    def _rank(self, scope: str) -> int:
        if scope in _LONGEST:
            return _LONGEST.index(scope)
        needs_a_server = _NEEDS_A_SERVER.search(_text(self.config.rootpath / scope))
        return len(_LONGEST) + (0 if needs_a_server else 1)


def _uses_the_sample(path: Path) -> bool:
    return "tests.sample_build" in _text(path)


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together | None:
    """Replaces the default of `-n`; other values of `--dist` keep their meaning."""
    return Together(config, log) if config.getvalue("dist") == "load" else None
