"""How the files of a history are named."""

from __future__ import annotations

import pytest

from consolidate.drafts.names import naming


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        (
            ["20250101_120000_a.sql", "20250102_b.sql", "20250103_c.sql"],
            "2 of 3 names are YYYYMMDD_name.",
        ),
        (["20250101120000_a.sql"], "1 of 1 names are YYYYMMDDHHMMSS_name."),
        (
            ["2025-01-01-120000_a/up.sql", "2025-01-02-120000_b/up.sql"],
            "2 of 2 names are YYYY-MM-DD-HHMMSS_name.",
        ),
        (["1700000000_a.up.sql"], "1 of 1 names are seconds_name."),
        (["V1__a.sql", "R__b.sql"], "2 of 2 names are V1__name."),
        (["0001_a.sql", "2.sql"], "2 of 2 names are 0001_name."),
        (["sub/a.sql", "b.sql"], "The names follow no scheme that is known here."),
    ],
)
def test_the_scheme_of_most_names_is_told(paths: list[str], told: str) -> None:
    assert naming(paths) == told
