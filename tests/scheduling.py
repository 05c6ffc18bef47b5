"""Says which tests pytest-xdist keeps together: those of one file, and all that use the sample.

`--dist loadgroup` would do it by marks, but pytest-xdist 3.8 groups nothing under pytest 9.2
(pytest-dev/pytest-xdist#1386).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from xdist.remote import Producer  # type: ignore[import-untyped]

_ON_THE_SAMPLE = ("tests/hazards/", "tests/sample/")


class Together(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist has no types
    """One unit of work is one file, and what uses the sample, which is dear to build."""

    def _split_scope(self, nodeid: str) -> str:
        return "the sample" if nodeid.startswith(_ON_THE_SAMPLE) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together | None:
    """Replaces the default of `-n`; other values of `--dist` keep their meaning."""
    return Together(config, log) if config.getvalue("dist") == "load" else None
