"""The functions that PostgreSQL brings are known by name."""

from __future__ import annotations

import pytest

from consolidate.functions import BUILT_IN, BY_EXTENSION
from tests.brought_functions import brought


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("embedded://16", marks=pytest.mark.pg),
        pytest.param("embedded://18", marks=pytest.mark.pg),
        pytest.param("local://15", marks=[pytest.mark.pg, pytest.mark.local]),
    ],
)
def test_all_that_a_server_brings_is_known(url: str) -> None:
    found = dict(brought(url))
    assert "now" in found["pg_catalog"]
    assert found.pop("pg_catalog") <= BUILT_IN
    for extension, names in found.items():
        assert names <= BY_EXTENSION[extension]


def test_what_is_known_is_told_apart_by_who_brings_it() -> None:
    assert {"now", "any_value", "json_object_agg"} <= BUILT_IN
    assert {"crypt", "gen_salt"} <= BY_EXTENSION["pgcrypto"] - BUILT_IN
    assert "cube_in" in BY_EXTENSION["earthdistance"]  # which requires cube
