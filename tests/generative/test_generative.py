"""Random histories: equal to themselves again, and no two witnesses at odds about a change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, note, settings

from consolidate.catalog.blind_spots import BlindSpot
from consolidate.model import Difference, DifferenceKind, ObjectId
from consolidate.replay import connect
from tests import scratch
from tests.generative import agreement
from tests.generative.histories import DROPS, RENAMES, ROWS, Change, History, Step, changes
from tests.generative.model import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from consolidate.servers.interface import Cluster

EXAMPLES = {18: 30, 16: 5}
"""How many histories are made for each major; the first ones are the same."""


@dataclass(slots=True)
class Mix:
    """What was made over a run, and what came of it."""

    kinds: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    blind: Counter[BlindSpot] = field(default_factory=Counter)
    refused: int = 0
    """Statements of changed histories that had lost what they stand on."""

    def __str__(self) -> str:
        blind = {f"{spot.witness}: {spot.reason}": count for spot, count in self.blind.items()}
        parts = {
            f"{self.kinds.total()} statements of {len(self.kinds)} kinds": self.kinds,
            f"pairs ({self.refused} statements refused)": self.changes,
            "blind spots": Counter(blind),
        }
        return "\n".join(
            line
            for title, counted in parts.items()
            for line in (title, *(f"{count:6}  {what}" for what, count in counted.most_common()))
        )


@pytest.fixture(scope="module", params=[18, 16], ids=["18", "16"])
def cluster(
    request: pytest.FixtureRequest, clusters: Callable[[int], Cluster]
) -> Iterator[Cluster]:
    """With the roles that all histories grant to."""
    cluster = clusters(request.param)
    with connect(cluster) as connection:
        for role in ROLES:
            connection.execute(f"CREATE ROLE {role}".encode())
        yield cluster
        scratch.drop_roles(connection, frozenset(ROLES))


def _built(cluster: Cluster, history: History, mix: Mix | None = None) -> Mapping[str, Any]:
    """What the witnesses see of what a history builds.

    Args:
        cluster: Where to build it, in a database of its own.
        history: What to apply.
        mix: Where to count statements that are refused; where there is none, none may be.
    """
    with scratch.database(cluster) as name, connect(cluster, name) as connection:
        for step in history:
            try:
                connection.execute(step.sql.encode())
            except psycopg.Error as error:
                if mix is None:
                    pytest.fail(f"{step}\n{error}")
                mix.refused += 1
        return agreement.observe(connection, cluster, name)


def _examine(cluster: Cluster, change: Change, mix: Mix) -> None:
    note("\n".join(map(str, change.history)))
    note(f"-- {change.what}\n" + "\n".join(map(str, change.other)))
    kinds = {step.kind for step in change.history}
    mix.kinds.update(step.kind for step in change.history)
    assert all(kinds & set(needed) for needed in (RENAMES, DROPS, ROWS))
    first, again = _built(cluster, change.history), _built(cluster, change.history)
    assert agreement.hear(first, again).is_silent
    heard = agreement.hear(first, _built(cluster, change.other, mix))
    mix.changes[f"{change.what}, {'equal' if heard.is_silent else 'different'}"] += 1
    assert heard.disagreements(mix.blind) == []


def test_witnesses_agree_on_random_histories(cluster: Cluster) -> None:
    mix = Mix()

    @settings(
        max_examples=EXAMPLES[cluster.major],
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(changes())
    def examine(change: Change) -> None:
        _examine(cluster, change, mix)

    examine()
    print(f"\nPostgreSQL {cluster.major}: {mix}")  # noqa: T201 - what pytest -s is for here
    assert len(mix.kinds) >= 12


def test_the_blind_spot_of_written_rows_is_one(cluster: Cluster) -> None:
    empty = "CREATE TABLE a AS SELECT 1; CREATE MATERIALIZED VIEW m AS TABLE a; DELETE FROM a"
    histories = empty, f"{empty}; REFRESH MATERIALIZED VIEW m"
    left, right = (_built(cluster, (Step("", sql),)) for sql in histories)
    heard, met = agreement.hear(left, right), Counter[BlindSpot]()
    assert heard.told["rows"]
    assert heard.told["written rows"] == ()
    assert heard.disagreements(met) == []
    assert met.keys() == {agreement.UNFILLED}


OF_A_TABLE = "table · owner"
OF_A_VIEW = "materialized view · populated"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param({}, 0, id="nobody tells anything"),
        pytest.param(dict.fromkeys(("facts", "projection", "dump"), OF_A_TABLE), 0, id="all tell"),
        pytest.param({"facts": OF_A_TABLE, "projection": OF_A_TABLE}, 1, id="the dump is silent"),
        pytest.param({"facts": OF_A_TABLE, "dump": OF_A_TABLE}, 1, id="the projection is silent"),
        pytest.param({"projection": OF_A_TABLE, "dump": OF_A_TABLE}, 2, id="the facts are silent"),
        pytest.param({"facts": OF_A_TABLE}, 2, id="the facts are alone"),
        pytest.param({"dump": OF_A_TABLE}, 1, id="the dump is alone"),
        pytest.param({"facts": OF_A_VIEW, "projection": OF_A_VIEW}, 0, id="a blind spot"),
        pytest.param({"facts": OF_A_VIEW, "dump": OF_A_VIEW}, 1, id="it is another's"),
        pytest.param({"rows": "table · id=1"}, 1, id="no row is written"),
        pytest.param(
            dict.fromkeys(("facts", "projection", "dump", "rows"), OF_A_TABLE), 0, id="moot"
        ),
    ],
)
def test_who_alone_tells_a_difference_is_at_odds(told: dict[str, str], expected: int) -> None:
    heard = agreement.Hearing(
        {name: (_difference(told[name]),) if name in told else () for name in agreement.ALL}
    )
    assert len(heard.disagreements(Counter())) == expected


def _difference(told: str) -> Difference:
    kind, _, attribute = told.partition(" · ")
    where = ObjectId(kind, "it")
    return Difference(
        kind=DifferenceKind.CHANGED, object=where, attribute=attribute, left="a", right="b"
    )
