"""Each single difference is seen and named, and nothing is seen where nothing was changed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import psycopg
import pytest

from consolidate.catalog import facts, rows
from consolidate.catalog.compare import compare
from consolidate.servers import open_server
from tests.mutations.cases import load
from tests.mutations.court import court, has, place, prepared, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from consolidate.model import Difference, Snapshot
    from consolidate.servers.interface import Cluster
    from tests.mutations.cases import Mutation
    from tests.mutations.court import Court

pytestmark = pytest.mark.pg

MUTATIONS = load()

# The newest version is shown everything; the others, what they word or store in another way. All of
# it on any of them is what `make mutations` is for.
_OTHERWISE = [
    m
    for m in MUTATIONS
    if m.since or m.needs or isinstance(m.object, dict) or isinstance(m.also, dict)
]


def _named(mutations: Sequence[Mutation]) -> pytest.MarkDecorator:
    found = [pytest.param(m, id=m.name) for m in mutations]
    return pytest.mark.parametrize("mutation", found)


@pytest.fixture(scope="module")
def held(clusters: Callable[[int], Cluster]) -> Iterator[Court]:
    with court(clusters(18)) as held:
        yield held


@pytest.fixture(scope="module", params=["16", pytest.param("15", marks=pytest.mark.local)])
def older(request: pytest.FixtureRequest, clusters: Callable[[int], Cluster]) -> Iterator[Court]:
    if request.param == "15":
        with open_server("local://15").cluster() as cluster, court(cluster) as held:
            yield held
    else:
        with court(clusters(int(request.param))) as held:
            yield held


@pytest.fixture(scope="module")
def known() -> dict[str, Snapshot]:
    """What the first database holds after a setup; each is read once."""
    return {}


def _holds(mutation: Mutation, differences: Sequence[Difference], major: int) -> None:
    """The differences are those that the mutation names."""
    found = {place(difference): difference for difference in differences}
    expected = mutation.expected(major)
    assert (found.keys() & expected if mutation.contains else found.keys()) == expected
    named = found[mutation.place(major)]
    expected_values = mutation.left or named.left, mutation.right or named.right
    assert expected_values == (named.left, named.right)


def _refused(held: Court, mutation: Mutation) -> None:
    with pytest.raises(psycopg.Error), held.connection.transaction(force_rollback=True):
        held.connection.execute(f"{mutation.setup};\n{mutation.change}".encode())


@_named([m for m in MUTATIONS if not m.of_rows])
def test_a_difference_is_named_by_the_facts(
    held: Court, mutation: Mutation, known: dict[str, Snapshot]
) -> None:
    _is_named(held, mutation, known)


@_named(_OTHERWISE)
def test_a_difference_is_named_by_older_versions(older: Court, mutation: Mutation) -> None:
    _is_named(older, mutation, {})


def _is_named(held: Court, mutation: Mutation, known: dict[str, Snapshot]) -> None:
    if not has(held.connection, mutation):
        _refused(held, mutation)
        return
    before = _prepared(held, mutation, known)
    with held.connection.transaction(force_rollback=True):
        prepared(held.connection, mutation)
        held.connection.execute(mutation.change.encode())
        after = facts.read_within(held.connection)
    _holds(mutation, compare(before, after), before.major)


def _prepared(held: Court, mutation: Mutation, known: dict[str, Snapshot]) -> Snapshot:
    """What the first database holds when nothing but the setup was done to it."""
    if not mutation.setup:
        return held.snapshot
    if mutation.setup not in known:
        with held.connection.transaction(force_rollback=True):
            prepared(held.connection, mutation)
            known[mutation.setup] = facts.read_within(held.connection)
    return known[mutation.setup]


@_named(list({m.setup: m for m in MUTATIONS if m.setup and not m.of_rows}.values()))
def test_nothing_is_seen_where_nothing_was_changed(
    held: Court, mutation: Mutation, known: dict[str, Snapshot]
) -> None:
    if not has(held.connection, mutation):
        _refused(held, mutation)
        return
    before = _prepared(held, mutation, known)
    with held.twin.transaction(force_rollback=True):
        prepared(held.twin, mutation)
        assert compare(before, facts.read_within(held.twin)) == ()


@_named([m for m in MUTATIONS if m.of_rows])
def test_a_difference_is_named_by_the_rows_alone(held: Court, mutation: Mutation) -> None:
    if not has(held.connection, mutation):
        _refused(held, mutation)
        return
    with held.copies() as (left, right):
        prepared(left, mutation)
        prepared(right, mutation)
        before, other = rows_of(left), rows_of(right)
        assert rows.compare(before, other) == ()
        right.execute(mutation.change.encode())
        _holds(mutation, rows.compare(before, rows_of(right)), held.snapshot.major)
        assert compare(facts.read(left), facts.read(right)) == ()


def test_two_databases_with_other_oids_and_names_are_equal(held: Court) -> None:
    oids = [
        connection.execute("SELECT 'public.rooms'::regclass::oid").fetchone()
        for connection in (held.connection, held.twin)
    ]
    assert oids[0] != oids[1]
    assert compare(held.snapshot, facts.read(held.twin)) == ()
    assert rows.compare(rows_of(held.connection), rows_of(held.twin)) == ()


def test_no_mutation_is_told_twice() -> None:
    assert [n for n, count in Counter(m.name for m in MUTATIONS).items() if count > 1] == []
    changes = Counter((m.setup, m.change) for m in MUTATIONS)
    assert [change for change, count in changes.items() if count > 1] == []


def test_there_are_enough_of_them() -> None:
    assert len(MUTATIONS) >= 250
