"""Pairs of different SQL that build one and the same database: no witness may tell them apart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from consolidate.replay import connect
from tests import scratch, witnesses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from consolidate.servers.interface import Cluster

    Seen = Callable[[str], Mapping[str, Any]]

pytestmark = pytest.mark.pg

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One entry of a YAML file."""

    family: str
    """The file."""
    name: str
    left: str
    right: str
    since: int = 0
    """The first major that knows its words."""
    but: str = ""
    """What makes another database of the right one."""
    wolf: str = ""
    """Why somebody does tell them apart, though nothing can come of it."""


def _pairs() -> Iterator[Pair]:
    for file in sorted(_HERE.glob("*.yaml")):
        for entry in YAML(typ="safe").load(file.read_text(encoding="utf-8")):
            yield Pair(family=file.stem, **entry)


PAIRS = tuple(_pairs())
_BUT = [pair for pair in PAIRS if pair.but]
"""Every family has one: if its pairs are never told apart, it is not for want of looking."""


_FIRST = {pair.family: pair for pair in reversed(PAIRS) if pair.since <= 16}
_ON = [(18, pair) for pair in PAIRS] + [(16, pair) for pair in _FIRST.values()]
"""The newest version is shown all of them, the other one the first of every family."""


@pytest.fixture(scope="module")
def cluster(request: pytest.FixtureRequest, clusters: Callable[[int], Cluster]) -> Cluster:
    return clusters(request.param)


@pytest.fixture(scope="module")
def seen(cluster: Cluster) -> Seen:
    """What the witnesses see of what a text builds, in the session in which it was built."""
    known: dict[str, Mapping[str, Any]] = {}

    def see(text: str) -> Mapping[str, Any]:
        if text not in known:
            with scratch.database(cluster) as name, connect(cluster, name) as connection:
                scratch.apply(connection, text)
                known[text] = witnesses.observe(connection, cluster, name)
        return known[text]

    return see


def _named(pair: Pair) -> str:
    return f"{pair.family}: {pair.name}"


def _expected(major: int, pair: Pair) -> Any:  # noqa: ANN401 - pytest exports no ParameterSet
    marks = [pytest.mark.xfail(reason=pair.wolf, strict=True)] if pair.wolf else []
    return pytest.param(major, pair, id=f"{_named(pair)}-{major}", marks=marks)


@pytest.mark.parametrize(("cluster", "pair"), [_expected(*on) for on in _ON], indirect=["cluster"])
def test_nobody_tells_the_two_apart(seen: Seen, pair: Pair) -> None:
    left, right = seen(pair.left), seen(pair.right)
    assert witnesses.differences(left, right) == {}


@pytest.mark.parametrize("pair", _BUT, ids=_named)
@pytest.mark.parametrize("cluster", [18], indirect=True)
def test_one_statement_more_would_be_told(seen: Seen, pair: Pair) -> None:
    left, right = seen(pair.left), seen(f"{pair.right};\n{pair.but}")
    assert witnesses.differences(left, right) != {}


def test_every_family_can_be_told_from_another_and_nothing_is_there_twice() -> None:
    assert {pair.family for pair in _BUT} == {pair.family for pair in PAIRS}
    assert {pair.family for major, pair in _ON if major < 18} == {pair.family for pair in PAIRS}
    assert len(PAIRS) == len({pair.name for pair in PAIRS})
    assert len(PAIRS) >= 75
