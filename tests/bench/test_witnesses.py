"""The benchmark of the witnesses judges what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench import witnesses

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.servers.interface import Cluster


@pytest.mark.parametrize(("took", "holds"), [(0.4, True), (0.41, False)])
def test_the_limit_is_two_dumps(took: float, holds: bool) -> None:  # noqa: FBT001 - of a case
    told, found = witnesses.judgement({"pg_dump": 0.2, "facts": took})
    assert (found, "≤" in told) == (holds, holds)


@pytest.mark.pg
def test_every_job_finds_a_database_equal_to_itself(clusters: Callable[[int], Cluster]) -> None:
    found = {name: work() for name, work in witnesses.jobs(clusters(18))}
    assert b"PostgreSQL database dump" in found.pop("pg_dump")  # type: ignore[operator]
    assert found.pop("first projection")
    assert found == {"facts": (), "projection": (), "dump": ()}
