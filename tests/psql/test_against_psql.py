"""What is read of a history builds what psql itself builds from its files."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consolidate import history, statements
from consolidate.empty_database import platform
from consolidate.replay import replay
from consolidate.servers import open_server
from consolidate.truth import observe

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = Path(__file__).parents[1] / "cases"
NAMES = sorted(
    case.name
    for case in CASES.iterdir()
    if any(
        b"\\" in file.read_bytes() or b"ROLLBACK" in file.read_bytes()
        for file in case.glob("history/**/*.sql")
    )
)
NOT_FOR_PSQL = {"2_utf16.sql"}
"""What psql would not read; it is left out of its case on both sides."""


@contextmanager
def _readable(case: str) -> Iterator[Path]:
    """The history where the server's account can read it, too."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        ignored = shutil.ignore_patterns(*NOT_FOR_PSQL)
        yield Path(shutil.copytree(CASES / case / "history", Path(folder) / "h", ignore=ignored))


def test_there_are_cases() -> None:
    assert len(NAMES) > 8


@pytest.mark.pg
@pytest.mark.parametrize("case", NAMES)
def test_the_statements_build_what_psql_builds(case: str) -> None:
    server = open_server("embedded://18")
    with _readable(case) as folder, platform(server, "") as (cluster, connection):
        read = history.read(folder)
        replay(connection, statements.parse_all(read), manner=read.manner)
        ours = observe(connection, cluster)
        with platform(server, "") as (other, second):
            for migration in read.migrations:
                script = f"\\cd {folder}\n\\i {migration.path}\n"
                other.tool("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", stdin=script.encode())
            theirs = observe(second, other)
    assert ours.facts == theirs.facts
    assert ours.dump == theirs.dump
    assert ours.rows == theirs.rows
