"""The sample's output, as it was rendered on one server, is proven on every other one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate import quarantine
from consolidate.errors import EnvironmentProblem
from consolidate.servers import open_server
from tests import engines

if TYPE_CHECKING:
    from tests.sample_build import Sample


@pytest.mark.parametrize("name", [*engines.DISPOSABLE[2:], engines.GUESTS[0]])
def test_the_same_bytes_are_proven_on_every_server(name: str, sample: Sample) -> None:
    with engines.opened(name) as engine:
        verdict = engines.verdict_on(engine, sample.job, sample.whole)
    assert verdict.differences == ()
    assert verdict.equivalent
    assert verdict.limits == ()


@pytest.mark.pg
def test_its_roles_are_made_on_a_server_of_others_only_where_that_is_allowed(
    sample: Sample,
) -> None:
    with engines.opened("postgresql") as engine:
        there = replace(sample.job, servers=(open_server(engine.url),))
        with pytest.raises(EnvironmentProblem, match="is not ours alone") as caught:
            quarantine.screened(there, lambda _: None)
    assert caught.value.problems[0].startswith("(platform):13:1: create role anon ")
    assert "--allow-cluster-changes" in caught.value.hint
