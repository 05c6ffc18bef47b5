"""Down scripts as values: what of them is read, and which of them one transaction can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import history
from consolidate.downs import scripts
from consolidate.model import Runner
from tests.history.folders import write

if TYPE_CHECKING:
    from pathlib import Path

    from consolidate.downs.scripts import Script


def read(folder: Path, down: str | bytes, runner: Runner | None = None) -> Script:
    files = {"1_a.up.sql": "SELECT 1;", "1_a.down.sql": down}
    (script,) = scripts.read(history.read(write(folder, files), runner=runner))
    return script


def test_a_migration_without_a_way_back_has_no_script(tmp_path: Path) -> None:
    files = {"1_a.up.sql": "SELECT 1;", "1_a.down.sql": "", "2_b.up.sql": "SELECT 2;"}
    read = scripts.read(history.read(write(tmp_path, files)))
    assert [(one.migration, one.commands) for one in read] == [("1_a.up.sql", ())]


@pytest.mark.parametrize(
    ("down", "commands"),
    [
        ("-- nothing\n", []),
        ("BEGIN; COMMIT;", []),
        ("DROP TABLE a; DROP TABLE b", ["DROP TABLE a", "DROP TABLE b"]),
        ("START TRANSACTION; DROP TABLE a; END;", ["DROP TABLE a"]),
        ("SAVEPOINT s; DROP TABLE a; RELEASE s;", ["SAVEPOINT s", "DROP TABLE a", "RELEASE s"]),
        ("DROP INDEX CONCURRENTLY a;", ["DROP INDEX              a"]),
        ("CREATE INDEX concurrently ON a (b);", ["CREATE INDEX              ON a (b)"]),
        ('DROP TABLE "concurrently";', ['DROP TABLE "concurrently"']),
    ],
)
def test_what_is_run_is_what_one_transaction_takes(
    tmp_path: Path, down: str, commands: list[str]
) -> None:
    script = read(tmp_path, down)
    assert [one.sql for one in script.commands] == commands
    assert (script.problems, script.untried) == ((), "")


@pytest.mark.parametrize(
    ("down", "why"),
    [
        ("DROP TABLE a; COMMIT; DROP TABLE b;", "it begins and ends transactions of its own"),
        ("BEGIN; DROP TABLE a; ROLLBACK;", "it begins and ends transactions of its own"),
        ("BEGIN; DROP TABLE a;", "it begins and ends transactions of its own"),
        ("SELECT 1;\nVACUUM a;", "1_a.down.sql:2 can not run in a transaction"),
    ],
)
def test_what_one_transaction_does_not_take_is_not_tried(
    tmp_path: Path, down: str, why: str
) -> None:
    assert read(tmp_path, down).untried == why


def test_a_script_that_can_not_be_decoded_is_no_reason_to_refuse_its_migration(
    tmp_path: Path,
) -> None:
    script = read(tmp_path, b"SELECT '\xff';")
    assert script.problems
    assert script.problems[0].startswith("1_a.down.sql:1:9: ")


def test_what_a_script_asks_of_psql_is_carried_out(tmp_path: Path) -> None:
    files = {"1_a.up.sql": "SELECT 1;", "1_a.down.sql": "\\set t a\n\\ir more.sql\nDROP TABLE :t;"}
    write(tmp_path, files)
    write(tmp_path, {"more.sql": "DROP VIEW v;"})
    (script,) = scripts.read(history.read(tmp_path, runner=Runner.GOLANG_MIGRATE))
    assert [(one.place, one.sql) for one in script.commands] == [
        ("more.sql:1", "DROP VIEW v"),
        ("1_a.down.sql:3", "DROP TABLE a"),
    ]
    refused = read(tmp_path, "\\gexec\n")
    assert refused.problems
    assert refused.problems[0].startswith("1_a.down.sql:1:1: ")


def test_each_thing_that_is_wrong_with_a_script_is_told_at_its_place(tmp_path: Path) -> None:
    told = [
        (str(one.span), one.message.partition(";")[0])
        for down in ("DROP TABLE a;\n\nDROP TABEL b;\n", b"DROP TABLE a;\n\xff", "\n\\c x\n\\c y\n")
        for one in scripts.unreadable([read(tmp_path, down)])
    ]
    why = "what takes 1_a.up.sql back can not be read: "
    assert told == [
        ("1_a.down.sql:3:6", f'{why}syntax error at or near "TABEL"'),
        ("1_a.down.sql:2:1", f"{why}byte 14 (0xff) is not UTF-8: invalid start byte"),
        ("1_a.down.sql:2:1", f"{why}\\c is a command of psql, which is not SQL"),
        ("1_a.down.sql:3:1", f"{why}\\c is a command of psql, which is not SQL"),
    ]
