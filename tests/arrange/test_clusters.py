"""Cutting tables into groups, putting the groups in order, moving tables between them."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consolidate.groups.clusters import COMFORTABLE, LARGEST, clusters
from consolidate.groups.moves import moved
from consolidate.groups.order import ordered
from consolidate.groups.singles import bundled
from consolidate.model import ObjectId


def tables(number: int) -> list[ObjectId]:
    return [ObjectId("table", f"public.t{n:03}") for n in range(number)]


T = tables(60)


def numbers(groups: list[list[ObjectId]]) -> list[list[int]]:
    return [[T.index(table) for table in group] for group in groups]


def test_the_closest_become_one_first() -> None:
    bonds = {(T[n], T[n + 1]): 1.0 if n % 10 < 9 else 0.1 for n in range(29)}
    found = numbers(clusters(T[:30], bonds, {}))
    assert found == [list(range(start, start + 10)) for start in (0, 10, 20)]


def test_what_is_too_small_to_stand_alone_joins_whoever_is_near() -> None:
    bonds = {(T[n], T[n + 1]): 1.0 for n in range(9)} | {(T[0], T[10]): 0.001}
    assert numbers(clusters(T[:11], bonds, {})) == [list(range(11))]


def test_two_that_could_stand_alone_stay_apart_without_a_close_bond() -> None:
    halves = {(T[n], T[n + 1]): 1.0 for n in range(11) if n != 5}
    assert len(clusters(T[:12], halves | {(T[5], T[6]): 0.1}, {})) == 2
    close = {(T[n], T[n + 6]): 0.3 for n in range(6)}
    assert len(clusters(T[:12], halves | close, {})) == 1


def test_only_dust_makes_a_group_uncomfortable_and_nothing_makes_it_too_large() -> None:
    leaves = {(T[0], T[n]): 1.0 for n in range(1, 60)}
    sizes = sorted(map(len, clusters(T, leaves, {})))
    assert sizes[-1] == LARGEST
    assert sizes[:-1] == [1] * (60 - LARGEST)
    chain = {(T[n], T[n + 1]): 1.0 for n in range(59)}
    assert all(3 <= len(one) <= COMFORTABLE + 2 for one in clusters(T, chain, {}))


def test_a_unit_that_stands_for_many_tables_counts_as_many() -> None:
    bonds = {(T[0], T[1]): 1.0}
    assert len(clusters(T[:2], bonds, {T[0]: LARGEST})) == 2
    assert len(clusters(T[:2], bonds, {T[0]: LARGEST - 1})) == 1


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 39), st.integers(0, 39)).filter(lambda pair: pair[0] < pair[1]),
        st.floats(0.01, 3),
        max_size=120,
    ),
    st.randoms(use_true_random=False),
)
def test_every_table_is_in_one_group_whatever_the_order_of_the_bonds(
    strengths: dict[tuple[int, int], float], random: st.DrawFn
) -> None:
    bonds = {(T[one], T[other]): strength for (one, other), strength in strengths.items()}
    found = clusters(T[:40], bonds, {})
    assert sorted(table for group in found for table in group) == T[:40]
    assert max(map(len, found)) <= LARGEST
    shuffled = list(bonds.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert clusters(T[:40], dict(shuffled), {}) == found


# -- order --------------------------------------------------------------------------------


def test_what_others_need_comes_first_and_else_the_older() -> None:
    assert ordered(4, {}) == [0, 1, 2, 3]
    assert ordered(4, {(0, 3): 1.0, (1, 0): 1.0}) == [2, 3, 0, 1]


def backwards(order: list[int], needs: dict[tuple[int, int], float]) -> float:
    place = {one: n for n, one in enumerate(order)}
    return sum(weight for (one, on), weight in needs.items() if place[one] < place[on])


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda pair: pair[0] != pair[1]),
        st.integers(1, 9).map(float),
        max_size=14,
    )
)
def test_in_a_small_circle_no_order_points_less_weight_backwards(
    needs: dict[tuple[int, int], float],
) -> None:
    best = min(backwards(list(one), needs) for one in permutations(range(5)))
    found = ordered(5, needs)
    assert sorted(found) == list(range(5))
    assert backwards(found, needs) == best


def test_in_a_large_circle_the_lightest_need_points_backwards() -> None:
    ring = {(one, (one + 1) % 12): 1.0 if one == 7 else 5.0 for one in range(12)}
    assert backwards(ordered(12, ring), ring) == 1.0


# -- moves --------------------------------------------------------------------------------


def test_a_table_that_all_refer_to_moves_to_the_first_group() -> None:
    late = [T[1], *T[20:25]]
    keys = [(T[n], T[1]) for n in (2, 3, 4, 5)] + [(T[n], T[2]) for n in range(20, 25)]
    bonds = {(min(pair), max(pair)): 0.3 for pair in keys} | {(T[1], T[20]): 0.2}
    found = moved([T[2:8], late], keys, bonds, {})
    assert T[1] in next(group for group in found if T[2] in group)


@pytest.mark.parametrize("size", [LARGEST, LARGEST - 1])
def test_it_stays_where_it_would_make_the_group_too_large(size: int) -> None:
    early = T[2 : 2 + size]
    late = [T[1], *T[40:46]]
    keys = [(table, T[1]) for table in early[:5]] + list(zip(late[1:], early[6:], strict=False))
    bonds = dict.fromkeys(pairwise(early), 1.0) | {(min(k), max(k)): 0.3 for k in keys}
    found = moved([early, late], keys, bonds, {})
    together = T[3] in next(group for group in found if T[1] in group)
    assert together == (size < LARGEST)


def test_the_last_table_of_a_group_stays() -> None:
    keys = [(T[0], T[1]), (T[1], T[0])]
    assert moved([T[:1], T[1:2]], keys, {(T[0], T[1]): 5.0}, {}) == [T[:1], T[1:2]]


# -- single ones --------------------------------------------------------------------------


def test_single_tables_are_collected_until_their_objects_are_too_many() -> None:
    found = bundled([T[:3], *([table] for table in T[3:9])], dict.fromkeys(T, 4), 12)
    assert [len(one.tables) for one in found] == [3, 3, 3]
    assert [one.schema for one in found] == ["", "public", "public"]


def test_one_that_is_too_large_for_a_collection_stands_alone() -> None:
    found = bundled([[table] for table in T[:3]], {T[1]: 50}, 12)
    assert [(len(one.tables), one.schema) for one in found] == [(1, ""), (1, ""), (1, "")]
    assert all(earlier.tables < later.tables for earlier, later in pairwise(found))
