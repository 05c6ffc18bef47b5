"""Skips the tests whose servers are not there, or fails them where nothing may be skipped.

Where continuous integration has brought the servers up, no test is to be skipped unseen:
`CONSOLIDATE_REQUIRE_DOCKER=1` fails the tests marked `docker` instead, and
`CONSOLIDATE_REQUIRE_LOCAL=1` those marked `local`.
"""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.containers import BUILD

if TYPE_CHECKING:
    from collections.abc import Callable

LOCAL = Path("/usr/lib/postgresql/15")
"""Where Debian 12 installs PostgreSQL with contrib."""


@cache
def _docker_lacks() -> str:
    """What is missing for the container tests, in the words of `make images`; empty if nothing."""
    check = subprocess.run([BUILD, "--check"], check=False, capture_output=True, text=True)
    return "; ".join(check.stderr.splitlines()) if check.returncode else ""


def _local_lacks() -> str:
    """Likewise for PostgreSQL 15 of this machine's own."""
    needed = (LOCAL / "bin/postgres", Path("/usr/share/postgresql/15/extension/hstore.control"))
    missing = [str(path) for path in needed if not path.exists()]
    return f"PostgreSQL 15 is not installed: there is no {missing[0]}" if missing else ""


NEEDS: dict[str, tuple[Callable[[], str], str]] = {
    "docker": (_docker_lacks, "CONSOLIDATE_REQUIRE_DOCKER"),
    "local": (_local_lacks, "CONSOLIDATE_REQUIRE_LOCAL"),
}
"""By marker: what says what is missing, and the variable that makes it a failure."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture of the test is made."""
    for marker, (lacks, variable) in NEEDS.items():
        if item.get_closest_marker(marker) and (missing := lacks()):
            if os.environ.get(variable) == "1":
                pytest.fail(f"{missing} ({variable} is set)", pytrace=False)
            pytest.skip(missing)
