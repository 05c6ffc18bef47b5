"""An output becomes a Supabase project's folder, or it is said why it can not."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from consolidate import export
from consolidate.errors import InputProblem, UsageProblem
from consolidate.history import supabase
from tests.export.outputs import FILES, FIRST, SECOND, output

if TYPE_CHECKING:
    from pathlib import Path


def test_migrations_are_flat_with_versions_of_fourteen_digits() -> None:
    exported = export.export("supabase", output())
    assert [path for path in exported.files if "/migrations/" in path] == [
        "supabase/migrations/20250101000000_rooms.sql",
        "supabase/migrations/20250101000001_keys.sql",
    ]


def test_the_tail_follows_under_its_own_names() -> None:
    tail = {"tail/20250301000000_late.sql": "CREATE TABLE late ();\n"}
    exported = export.export("supabase", output({**FILES, **tail}))
    assert [path for path in exported.files if "/migrations/" in path][2:] == [
        "supabase/migrations/20250301000000_late.sql"
    ]
    assert exported.migrations[2].version == "20250301000000"


@pytest.mark.parametrize("name", ["20250101_000002_late.sql", "late.sql"])
def test_names_in_the_tail_that_the_cli_does_not_take_are_not_the_mapping_s(name: str) -> None:
    names = (name, "20250101_000003_later.sql")
    tail = {f"tail/{one}": "SELECT 1;\n" for one in names}
    with pytest.raises(InputProblem) as caught:
        export.export("supabase", output({**FILES, **tail}))
    assert any(f"tail/{name}" in problem for problem in caught.value.problems)
    assert caught.value.hint is not None
    assert "they have in the legacy folder" in caught.value.hint


def test_every_file_keeps_its_bytes() -> None:
    exported = export.export("supabase", output())
    assert {origin: exported.files[path] for path, origin in exported.origins.items()} == {
        path: text for path, text in FILES.items() if path != "migrations/README.md"
    }


def test_rollbacks_and_seeds_keep_their_paths() -> None:
    exported = export.export("supabase", output())
    assert [path for path in exported.files if "/migrations/" not in path] == [
        "supabase/seeds/01_rooms.sql",
        "supabase/seeds/02_keys.sql",
        "supabase/rollback/00_initial/20250101_000000_rooms_rollback.sql",
        "supabase/rollback/01_core_tables/20250101_000001_keys_rollback.sql",
    ]


def test_the_statements_are_those_that_the_cli_would_record() -> None:
    first, second = export.export("supabase", output()).migrations
    assert (first.version, first.name) == ("20250101000000", "rooms")
    assert first.statements == ("-- Rooms\n\nCREATE TABLE rooms (id int PRIMARY KEY)",)
    assert second.statements == (
        "CREATE TABLE keys (room int)",
        "COMMENT ON TABLE keys IS 'a; b'",
        "-- the end",
    )


def test_the_advice_lists_the_seeds_in_their_order() -> None:
    advice = tomllib.loads(export.export("supabase", output()).advice)
    assert advice == {
        "db": {
            "seed": {"enabled": True, "sql_paths": ["./seeds/01_rooms.sql", "./seeds/02_keys.sql"]}
        }
    }
    without = {path: text for path, text in FILES.items() if not path.startswith("seed/")}
    assert export.export("supabase", output(without)).advice == ""


def test_the_cli_reads_every_file_that_is_written(tmp_path: Path) -> None:
    for path, text in export.export("supabase", output()).files.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    listing = supabase.listing(tmp_path / "supabase/migrations")
    assert [source.version for source in listing.sources] == ["20250101000000", "20250101000001"]
    assert listing.findings == ()


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        (
            (FIRST, "migrations/01_core_tables/20250101_000000_keys.sql"),
            (
                f"{FIRST} and migrations/01_core_tables/20250101_000000_keys.sql"
                " have the same version 20250101000000"
            ),
        ),
        (
            (SECOND, "migrations/02_infrastructure/20250101_000000_late.sql"),
            (
                f"migrations/02_infrastructure/20250101_000000_late.sql is applied after {SECOND},"
                " but 20250101000000 is before 20250101000001"
            ),
        ),
        (
            ("migrations/00_initial/20200101_000000_init.sql",),
            (
                "migrations/00_initial/20200101_000000_init.sql: "
                "20200101000000_init.sql is not read: the Supabase CLI skips an old first init file"
            ),
        ),
    ],
)
def test_what_the_cli_would_not_apply_in_order_is_refused(
    paths: tuple[str, ...], told: str
) -> None:
    with pytest.raises(InputProblem) as caught:
        export.export("supabase", output(dict.fromkeys(paths, "SELECT 1;\n")))
    assert caught.value.problems == (told,)


def test_a_name_without_date_and_time_is_refused() -> None:
    with pytest.raises(InputProblem, match="does not begin with YYYYMMDD_HHMMSS_"):
        export.export("supabase", output({"migrations/00_initial/1_x.sql": "SELECT 1;\n"}))


def test_what_the_cli_can_not_send_is_told_with_its_line() -> None:
    text = "\nCREATE INDEX CONCURRENTLY i ON t (a);\n\nCOPY t FROM stdin;\n1\n\\.\n"
    warnings = export.export("supabase", output({FIRST: text})).warnings
    assert [warning.partition(",")[0] for warning in warnings] == [
        f"{FIRST}:2: can not run in a transaction",
        f"{FIRST}:4: COPY from rows in the file",
    ]
    assert export.export("supabase", output()).warnings == ()


def test_an_edited_output_is_refused() -> None:
    tree = output()
    tree[FIRST] += "-- later\n"
    del tree[SECOND]
    tree["migrations/new.sql"] = ""
    with pytest.raises(InputProblem) as caught:
        export.export("supabase", tree)
    assert [problem.partition(":")[0] for problem in caught.value.problems] == sorted(
        [FIRST, SECOND, "migrations/new.sql"]
    )


def test_a_folder_without_a_manifest_is_refused() -> None:
    with pytest.raises(InputProblem, match="no output of this program"):
        export.export("supabase", FILES)


def test_an_unknown_runner_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(UsageProblem) as caught:
        export.export("fly", output())
    assert caught.value.hint == "there is one for supabase"
