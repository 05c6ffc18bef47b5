"""The versions in the names of the files."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consolidate.arrange import arrange
from consolidate.config import Config, Group
from consolidate.errors import InputProblem
from consolidate.groups.versions import Wanted, base, dated, versions
from consolidate.groups.wishes import wishes
from consolidate.patterns import ObjectPattern
from consolidate.relations import Relations
from tests.render.conftest import Maker

if TYPE_CHECKING:
    from collections.abc import Sequence

BASE = "20250210_000000"
PHASES = ("00_a", "01_b", "02_c")


def given_versions(*wanted: str | None) -> list[str]:
    files = [Wanted(name=f"g{n}", version=one, line=n) for n, one in enumerate(wanted)]
    return versions(files, BASE)


def test_the_newest_legacy_date_is_where_they_begin() -> None:
    texts = {"20250103_a.sql": "SELECT 1", "20250210120000_b.sql": "SELECT 1", "c.sql": "SELECT 1"}
    assert base(Maker().truth(texts)) == BASE
    assert base(Maker().truth({"2025-02-10-120000_a/up.sql": "SELECT 1"})) == BASE
    assert base(Maker().truth({"c.sql": "SELECT 1"})) == "20000101_000000"
    assert base(Maker().truth({"1720250210_c.sql": "SELECT 1"})) == "20000101_000000"
    assert given_versions(None, None) == ["20250210_000100", "20250210_000200"]


def test_they_are_times_of_day() -> None:
    assert given_versions(*[None] * 61)[-2:] == ["20250210_010000", "20250210_010100"]
    assert given_versions("20251231_235959", None) == ["20251231_235959", "20260101_000059"]


def test_where_minutes_do_not_fit_they_are_seconds_apart() -> None:
    assert given_versions("20250301_000000", None, None, "20250301_000130") == [
        "20250301_000000",
        "20250301_000001",
        "20250301_000002",
        "20250301_000130",
    ]


def test_they_count_on_from_one_that_is_given() -> None:
    assert given_versions(None, "20250301_120000", None) == [
        "20250210_000100",
        "20250301_120000",
        "20250301_120100",
    ]


def test_before_an_old_version_they_are_older_still() -> None:
    assert given_versions(None, None, "20200101_000000", None) == [
        "20191231_235958",
        "20191231_235959",
        "20200101_000000",
        "20200101_000100",
    ]


def test_a_version_that_is_no_time_of_day_counts_on() -> None:
    assert given_versions("20259999_999999", None) == ["20259999_999999", "20260000_000059"]


@pytest.mark.parametrize(
    "wanted",
    [
        ("20250301_000000", None, "20250301_000001"),
        ("20250301_000000", "20250301_000000"),
        ("20250301_000001", "20250301_000000"),
        (None, "00010101_000000"),
    ],
)
def test_where_there_is_no_room_it_says_between_which(wanted: Sequence[str | None]) -> None:
    with pytest.raises(InputProblem) as raised:
        given_versions(*wanted)
    (problem,) = raised.value.problems
    assert problem.startswith(f"mappings.yaml:{len(wanted) - 1}: ")
    assert f"{wanted[-1]} of g{len(wanted) - 1}" in problem


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("20250210_120000", ["20250210_000100", "20250210_000200"]),
        ("20250210_000130", ["20250210_000001", "20250210_000002"]),
        ("20250210_000000", ["20250209_235958", "20250209_235959"]),
        ("20200101_000000", ["20191231_235958", "20191231_235959"]),
        ("", ["20250210_000100", "20250210_000200"]),
    ],
)
def test_they_stay_below_what_follows_them(below: str, expected: list[str]) -> None:
    files = [Wanted(name="a"), Wanted(name="b")]
    assert versions(files, BASE, below) == expected
    given = [Wanted(name="c", version="20260101_000000"), Wanted(name="d")]
    assert versions(given, BASE, below) == ["20260101_000000", "20260101_000100"]


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("20250210_x.sql", "20250210_000000"),
        ("20250210120501_x.sql", "20250210_120501"),
        ("20250210_120501_x.sql", "20250210_120501"),
        ("2025-02-10-120501_x/up.sql", "20250210_120501"),
        ("20250210_7_x.sql", "20250210_000000"),
        ("0042_x.sql", ""),
    ],
)
def test_a_legacy_file_s_version_is_read_from_its_name(path: str, version: str) -> None:
    assert dated(path) == version


SPARSE = st.integers(1970, 2100).map("{}0615_120000".format)
"""Versions with room for whatever stands between two of them."""


@given(st.lists(st.none() | SPARSE, min_size=1, max_size=12))
def test_they_strictly_rise_wherever_those_that_are_given_do(wanted: list[str | None]) -> None:
    explicit = iter(sorted({one for one in wanted if one is not None}))
    wanted = [one and next(explicit, None) for one in wanted]
    found = given_versions(*wanted)
    assert all(before < after for before, after in pairwise(found))
    assert all(one in {None, made} for one, made in zip(wanted, found, strict=True))


@given(
    st.lists(st.tuples(st.sampled_from(PHASES), st.none() | SPARSE), max_size=8),
    st.integers(0, 3),
)
def test_automatic_files_take_their_place_between_the_groups(
    asked: list[tuple[str, str | None]], tables: int
) -> None:
    """The groups claim nothing but their own table; all the rest is proposed."""
    given = iter(sorted({version for _, version in asked if version is not None}))
    by_phase = sorted(asked, key=lambda one: one[0])
    groups = tuple(
        Group(
            name=f"g{n}",
            phase=phase,
            version=version and next(given, None),
            objects=(ObjectPattern("table", f"public.g{n}"),),
            line=n,
        )
        for n, (phase, version) in enumerate(by_phase)
    )
    units = [
        *(Maker.step(f"public.g{n}", "").unit for n in range(len(groups))),
        *(Maker.step(f"public.free{n}", "", ordinal=n).unit for n in range(tables)),
        Maker.step("public.mood", "", kind="type", type_="TYPE").unit,
        Maker.step("public.look", "", kind="view", type_="VIEW").unit,
    ]
    truth = Maker().truth({"20250210_a.sql": "SELECT 1"})
    found = wishes(truth, units, Config(phases=PHASES, groups=groups), Relations(truth, units))
    stems = [slot.stem for slot in sorted({*found.slots, *found.groups.values()})]
    ours = [stem[: len("YYYYMMDD_HHMMSS")] for stem in stems]
    assert all(before < after for before, after in pairwise(ours))
    for one in groups:
        assert one.version is None or f"{one.version}_{one.name}" in stems


def test_a_group_s_file_is_the_same_for_rights_that_are_worded_last() -> None:
    """`Plan.groups` has what the arrangement gave, automatic files in front of it included."""
    claim = Group(name="late", phase=PHASES[2], objects=(), files=("*_b.sql",), line=1)
    units = [Maker.step("public.mood", "", kind="type", type_="TYPE").unit]
    truth = Maker().truth({"20250210_a.sql": "SELECT 1"})
    config = Config(phases=PHASES, groups=(claim,))
    plan = arrange(truth, units, config)
    assert [file.path for file in plan.files] == [
        "migrations/00_a/20250210_000100_initial_schema.sql"
    ]
    assert plan.groups["late"].path == "migrations/02_c/20250210_000200_late.sql"
