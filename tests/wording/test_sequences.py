"""A sequence in few words: what PostgreSQL assumes is left out, and nothing else."""

from __future__ import annotations

import pytest

from consolidate.wording.sequences import concise


def dumped(*options: str) -> str:
    return "\n    ".join(["CREATE SEQUENCE public.numbers", *options]) + ";"


PLAIN = ("START WITH 1", "INCREMENT BY 1", "NO MINVALUE", "NO MAXVALUE", "CACHE 1")


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (PLAIN, ""),
        (("AS integer", *PLAIN), " AS integer"),
        ((*PLAIN, "CYCLE"), " CYCLE"),
        (("START WITH 1001", *PLAIN[1:]), " START WITH 1001"),
        (
            ("START WITH 1", "INCREMENT BY 1", "MINVALUE 0", "NO MAXVALUE", "CACHE 1"),
            " START WITH 1 MINVALUE 0",  # else it would start at 0
        ),
        (
            ("START WITH 1", "INCREMENT BY -1", "NO MINVALUE", "MAXVALUE 9", "CACHE 20"),
            " START WITH 1 INCREMENT BY -1 MAXVALUE 9 CACHE 20",  # else it would start at 9
        ),
    ],
)
def test_what_postgresql_assumes_is_left_out(options: tuple[str, ...], left: str) -> None:
    assert concise(dumped(*options)) == f"CREATE SEQUENCE public.numbers{left};"


def test_what_makes_no_readable_line_stays_in_lines() -> None:
    name = f"public.{'n' * 60}"
    words = f"CREATE SEQUENCE {name}\n    AS bigint\n    START WITH 20000000\n    CYCLE;"
    assert concise(words) == words


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE SEQUENCE s START WITH 1 CACHE 1;",
        "CREATE VIEW v AS\n    SELECT 1\n    CACHE 1;",
        "ALTER TABLE t ALTER COLUMN i ADD GENERATED ALWAYS AS IDENTITY (\n    START WITH 1\n);",
    ],
)
def test_what_pg_dump_did_not_write_so_is_left_alone(sql: str) -> None:
    assert concise(sql) == sql
