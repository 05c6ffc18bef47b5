"""Which rows are expected before a cutover, and what makes that doubtful."""

from __future__ import annotations

import pytest

from consolidate.cutover import expected
from consolidate.errors import InputProblem


def test_each_file_that_the_cli_reads_has_its_version() -> None:
    found = expected.derived(["20240102_b.sql", "20240101120000_a.sql", "mappings.yaml"])
    assert found == expected.Expected(versions=("20240101120000", "20240102"))


def test_files_below_the_projects_migrations_are_read() -> None:
    assert expected.derived(["migrations/1_a.sql"]).versions == ("1",)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("20240101-a.sql", "reads only names like <digits>_<name>.sql"),
        ("later/20240101_a.sql", "does not look into folders"),
        ("20200101000000_init.sql", "skips an old first init file"),
    ],
)
def test_what_the_cli_passes_over_is_told_and_not_expected(path: str, told: str) -> None:
    found = expected.derived([path])
    assert found.versions == ()
    assert told in found.warnings[0]


def test_files_that_share_a_version_are_told_with_their_names() -> None:
    found = expected.derived(["20240101_a.sql", "20240101_b.sql"])
    assert found.versions == ("20240101",)
    assert found.warnings[0].startswith(
        "version 20240101 is that of 20240101_a.sql and 20240101_b.sql"
    )
    assert "--applied" in found.warnings[-1]


@pytest.mark.parametrize(
    "text",
    [
        "20240101\n20240102\n",
        "20240102\r\n20240101\r\n\r\n",
        "    version     \n----------------\n 20240101\n 20240102\n(2 rows)\n\n",
        (
            "  Local    | Remote   | Time (UTC)          \n"
            "-----------|----------|---------------------\n"
            "  20240101 | 20240101 | 2024-01-01 00:00:00 \n"
            "           | 20240102 | 2024-01-02 00:00:00 \n"
            "  20240103 |          | 20240103            \n"
        ),
        (
            "│ Local      │ Remote     │ Time (UTC) │\n"
            "│────────────│────────────│────────────│\n"
            "│ `20240101` │ `20240101` │ `20240104` │\n"
            "│ ` `        │ `20240102` │ `20240105` │\n"
            "│ `20240103` │ ` `        │ `20240103` │\n"
        ),
    ],
    ids=["bare", "unsorted", "psql", "list", "boxes"],
)
def test_the_printed_versions_are_read(text: str) -> None:
    assert expected.told(text).versions == ("20240101", "20240102")


@pytest.mark.parametrize("text", ["", " version \n---------\n(0 rows)\n"])
def test_a_table_without_rows_can_be_told(text: str) -> None:
    assert expected.told(text).versions == ()


def test_a_table_that_holds_what_the_files_tell_is_not_warned_of() -> None:
    files = expected.derived(["20240101_a.sql", "20240102_b.sql", "20240102_c.sql"])
    assert files.warnings
    found = expected.held_against(expected.told("20240101\n20240102\n"), files)
    assert found == expected.Expected(versions=("20240101", "20240102"))


def test_versions_that_are_missing_or_nobodys_are_warned_of() -> None:
    files = expected.derived(["20240101_a.sql", "20240102_b.sql", "20240103_c.sql"])
    found = expected.held_against(expected.told("20240102\n20990101\n"), files)
    assert found.versions == ("20240102", "20990101")
    strange, missing = found.warnings
    assert strange == (
        "no legacy file has the version 20990101: what was applied there is not in the output"
    )
    assert missing == (
        "the table does not have the versions 20240101, 20240103 of legacy files: the cutover"
        " records as applied what may never have been"
    )


@pytest.mark.parametrize("text", ["", "(0 rows)\n"])
def test_a_table_without_rows_is_warned_of(text: str) -> None:
    (warning,) = expected.held_against(expected.told(text), expected.derived(["1_a.sql"])).warnings
    assert "can not connect" in warning


def test_what_is_no_version_is_told_with_its_line() -> None:
    with pytest.raises(InputProblem) as caught:
        expected.told("20240101\nERROR:  permission denied\n20240101\n")
    assert caught.value.problems == (
        "line 2: 'ERROR:  permission denied' is no version",
        "version 20240101 is there twice",
    )
