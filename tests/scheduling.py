"""Says which tests pytest-xdist keeps together: those of one file, and all that use the sample.

`--dist loadgroup` would do it by marks, but pytest-xdist 3.8 groups nothing under pytest 9.2
(pytest-dev/pytest-xdist#1386).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from pathlib import Path

    from xdist.remote import Producer
    from xdist.workermanage import WorkerController

_LONGEST = "tests/newcomer/test_newcomer.py"
"""A file whose few tests take minutes, for the other workers to have something to do meanwhile."""


class Together(LoadScopeScheduling):
    """One unit of work is one file, and the files that use the sample, which is dear to build."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        if _LONGEST in self.workqueue:  # else it comes last, as it has few tests
            self.workqueue.move_to_end(_LONGEST, last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "the sample" if _uses_the_sample(self.config.rootpath / path) else path


@cache
def _uses_the_sample(path: Path) -> bool:
    return "tests.sample_build" in path.read_text(encoding="utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together | None:
    """Replaces the default of `-n`; other values of `--dist` keep their meaning."""
    return Together(config, log) if config.getvalue("dist") == "load" else None
