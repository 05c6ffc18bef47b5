"""Each known blind spot is one: facts see the difference, and the blind witness nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate.catalog import blind_spots, dump, facts
from consolidate.catalog.blind_spots import BLIND_SPOTS
from consolidate.catalog.compare import compare
from consolidate.model import Difference, DifferenceKind, ObjectId
from tests.mutations.cases import load
from tests.mutations.court import court, prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.servers.interface import Cluster
    from tests.mutations.court import Court

pytestmark = pytest.mark.pg

SHOWN_BY = (
    "the order of an inheritance child's columns",
    "a detachment that was interrupted",
    "the index that a foreign key leans on",
    "an empty materialized view",
    "an extension's version",
    "an index on a table of information_schema",
    "the cost of a built-in function",
    "the owner of a built-in function",
    "a setting of all roles",
    "an option of the built-in tablespace",
    "a language's validator",
    "a comment on a multirange",
    "a comment on a large object",
)
MUTATIONS = {mutation.name: mutation for mutation in load()}


@pytest.fixture(scope="module")
def held(clusters: Callable[[int], Cluster]) -> Iterator[Court]:
    with court(clusters(18)) as held:
        yield held


@pytest.mark.parametrize("name", SHOWN_BY)
def test_it_is_blind_there(held: Court, name: str) -> None:
    mutation = MUTATIONS[name]
    with held.copies() as (left, right):
        for connection in (left, right):
            prepared(connection, mutation)
        before = facts.read(left), dump.schema_dump(held.cluster, left.info.dbname)
        right.execute(mutation.change.encode())
        after = facts.read(right), dump.schema_dump(held.cluster, right.info.dbname)
    found = compare(before[0], after[0])
    assert found
    assert dump.compare(before[1], after[1]) == ()
    assert blind_spots.unlisted("dump", found) == ()


def test_every_spot_is_shown() -> None:
    places = [MUTATIONS[name] for name in SHOWN_BY]
    for spot in BLIND_SPOTS:
        assert any(_lies_in(spot, str(one.object), one.attribute) for one in places), spot.reason


def _lies_in(spot: blind_spots.BlindSpot, named: str, attribute: str) -> bool:
    """Whether a spot covers a place, wherever the object's kind may end and its name begin."""
    words = named.split(" ")
    splits = ((" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words)))
    return any(
        spot.covers(
            Difference(
                kind=DifferenceKind.CHANGED,
                object=ObjectId(kind, identity),
                attribute=attribute,
                left="",
                right="",
            )
        )
        for kind, identity in splits
    )
