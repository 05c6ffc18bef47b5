from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from consolidate import findings, history
from consolidate.errors import InputProblem
from consolidate.model import Finding, Runner, Severity
from tests.history.folders import empty, found, paths, write

if TYPE_CHECKING:
    from pathlib import Path


def test_a_plain_folder_is_read_in_byte_order_of_its_paths(tmp_path: Path) -> None:
    empty(tmp_path, "b.sql", "a/z.sql", "a.sql", "Z.sql", "a/1/x.sql", "é.sql", "10.sql", "9.sql")
    write(tmp_path, {"README.md": "no", "a/notes.txt": "no", "x.sql.bak": "no"})
    read = history.read(tmp_path)
    assert (read.runner, read.findings) == (Runner.PLAIN, ())
    assert paths(read) == [
        *("10.sql", "9.sql", "Z.sql", "a.sql", "a/1/x.sql", "a/z.sql", "b.sql", "é.sql"),
    ]
    assert [m.number for m in read.migrations] == list(range(1, 9))
    assert not any(m.version or m.transactional for m in read.migrations)


def test_a_name_in_capitals_is_passed_over_aloud(tmp_path: Path) -> None:
    read = history.read(empty(tmp_path, "a.sql", "b.SQL"))
    assert (paths(read), found(read)) == (["a.sql"], [(findings.NAME_NOT_READ, "b.SQL:1:1")])


def test_migrations_in_code_are_told_together_with_what_to_do(tmp_path: Path) -> None:
    files = ["1_a.sql", "2_b.js", "3_c.py", "4_readme.md", "seed.py", "app/5_d.py"]
    write(tmp_path, dict.fromkeys(files, "SELECT 1;"))
    (told,) = history.read(tmp_path).findings
    assert (told.code, str(told.span)) == (findings.NAME_NOT_READ, "2_b.js:1:1")
    assert told.message == (
        "2 migrations in JavaScript, Python are not read: 2_b.js, 3_c.py; where one changes the"
        " database, an order file has to name SQL of the same effect in its place"
    )
    assert "`--order FILE` names all files in their order" in (told.help or "")
    (tmp_path / "1_a.sql").unlink()
    with pytest.raises(InputProblem) as caught:
        history.read(tmp_path)
    assert "3 migrations in JavaScript, Python are not read: 2_b.js, 3_c.py, app/5_d.py" in str(
        caught.value.problems
    )


def test_files_for_other_databases_are_passed_over_with_one_finding(tmp_path: Path) -> None:
    empty(
        tmp_path,
        *("1_a.mysql.up.sql", "1_a.sqlite3.up.sql", "1_a.postgres.up.sql", "1_a.postgres.down.sql"),
        *("2_b.up.sql", "2_b.down.sql", "2_b.cockroach.autocommit.up.sql"),
        *("3_c.up.sql", "3_c.postgres.up.sql", "3_c.down.sql", "3_c.mysql.down.sql"),
        "4_d.mysql.up.sql",
    )
    read = history.read(tmp_path)
    assert read.runner is Runner.GOLANG_MIGRATE
    assert paths(read) == ["1_a.postgres.up.sql", "2_b.up.sql", "3_c.postgres.up.sql"]
    downs = [one.down.path for one in read.migrations if one.down]
    assert downs == ["1_a.postgres.down.sql", "2_b.down.sql", "3_c.down.sql"]
    (told,) = read.findings
    assert (told.code, told.severity) == (findings.NAME_NOT_READ, Severity.INFO)
    assert told.message == (
        "6 files for other databases, by the names, not read: 1 for cockroach, 3 for mysql,"
        " 1 for sqlite3, 1 that PostgreSQL has others for; the first is 1_a.mysql.up.sql"
    )


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (["a.mysql.sql", "a.pg.sql", "sub/b.SQLite.sql"], ["a.pg.sql"]),
        (["init_mysql.sql", "init_postgres.sql"], ["init_postgres.sql"]),
        (["init-mysql.up.sql", "init-pg.up.sql"], ["init-pg.up.sql"]),
        # What a migration is about, and no variant of another one.
        (["1_drop_mysql.sql", "2_mysql.sql", "init_pg.sql"], None),
        (["mysql.sql", "mysql.v2.sql", "1.oracles.sql"], None),
        (["a.sql", "a_postgres.sql"], None),
    ],
)
def test_a_name_says_another_database_between_dots_or_beside_ours(
    tmp_path: Path, names: list[str], read: list[str] | None
) -> None:
    empty(tmp_path, *names)
    assert paths(history.read(tmp_path, runner=Runner.PLAIN)) == (read or sorted(names))


def test_an_order_file_names_what_is_for_another_database_all_the_same(tmp_path: Path) -> None:
    order = write(empty(tmp_path, "a.h2.sql", "b.sql"), {"order": "a.h2.sql\nb.sql\n"}) / "order"
    assert paths(history.read(tmp_path, order=order)) == ["a.h2.sql", "b.sql"]


def test_text_is_decoded_and_otherwise_left_alone(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf-- \xc3\xa9\r\nSELECT 1;\r\n"
    (migration,) = history.read(write(tmp_path, {"a.sql": data})).migrations
    assert migration.text == "-- é\r\nSELECT 1;\r\n"
    assert migration.sha256 == hashlib.sha256(data).hexdigest()


def test_every_file_that_is_not_utf8_is_told_with_the_byte(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.sql": b"\xef\xbb\xbf-- ok\n\xc3\xa9\xe9;",
        "b.sql": "-- é",
        "c.sql": b"\xffS",
    }
    with pytest.raises(InputProblem, match="2 of 3 migrations can not be read") as caught:
        history.read(write(tmp_path, files))
    assert caught.value.problems == (
        "a.sql:2:2: byte 11 (0xe9) is not UTF-8: invalid continuation byte",
        "c.sql:1:1: byte 0 (0xff) is not UTF-8: invalid start byte",
    )


def test_a_link_to_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.sql").symlink_to(tmp_path / "gone")
    with pytest.raises(InputProblem) as caught:
        history.read(tmp_path)
    assert caught.value.problems == ("a.sql: can not be read: No such file or directory",)


def test_a_link_to_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.sql").symlink_to("a.sql")
    with pytest.raises(InputProblem) as caught:
        history.read(tmp_path)
    assert caught.value.problems == ("a.sql: can not be read: Too many levels of symbolic links",)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.sql")
    with pytest.raises(InputProblem) as caught:
        history.read(tmp_path)
    assert caught.value.problems == ("a.sql: can not be read: it is no regular file",)


@pytest.mark.parametrize("files", [[], ["README.md"]])
def test_a_folder_without_migrations_is_refused(tmp_path: Path, files: list[str]) -> None:
    with pytest.raises(InputProblem, match="no migration that the plain runner") as caught:
        history.read(empty(tmp_path, *files))
    assert "legacy:" in caught.value.hint


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="gone is not a folder"):
        history.read(tmp_path / "gone")


@pytest.mark.parametrize(
    ("files", "legacy", "runner"),
    [
        (
            ["supabase/config.toml", "supabase/migrations/1_a.sql"],
            "supabase/migrations",
            "supabase",
        ),
        (["supabase/config.toml", "supabase/migrations/1_a.sql"], "supabase", "supabase"),
        (["supabase/migrations/1_a.sql"], "supabase/migrations", "supabase"),
        (["migrations/1_a.sql"], "migrations", "plain"),
        (["supabase/config.toml", "sql/1_a.sql"], "sql", "plain"),
    ],
)
def test_a_supabase_project_is_recognised_by_its_layout(
    tmp_path: Path, files: list[str], legacy: str, runner: str
) -> None:
    for file in files:
        content = "[db]\nmajor_version = 17\n" if file.endswith(".toml") else "SELECT 1;"
        write(tmp_path, {file: content})
    read = history.read(tmp_path / legacy)
    assert read.runner == runner
    assert read.server_major == (17 if runner == "supabase" and len(files) > 1 else None)
    assert (tmp_path / legacy / read.migrations[0].path).is_file()


def test_the_supabase_cli_reads_one_flat_folder_of_numbered_names(tmp_path: Path) -> None:
    empty(tmp_path, "20240102_b.sql", "20240101000000_a.sql", "9_.sql", "20240101_x.SQL")
    empty(tmp_path, "20240103-c.sql", "README.md", "sub/20240104_d.sql", "20240105_e.sql.off")
    read = history.read(tmp_path, runner=Runner.SUPABASE)
    assert [(m.path, m.version) for m in read.migrations] == [
        ("20240101000000_a.sql", "20240101000000"),
        ("20240102_b.sql", "20240102"),
        ("9_.sql", "9"),
    ]
    assert all(migration.transactional for migration in read.migrations)
    assert found(read) == [
        (findings.NAME_NOT_READ, "20240101_x.SQL:1:1"),
        (findings.NAME_NOT_READ, "20240103-c.sql:1:1"),
        (findings.NAME_NOT_READ, "20240105_e.sql.off:1:1"),
        (findings.NAME_NOT_READ, "README.md:1:1"),
        (findings.FOLDER_NOT_READ, "sub:1:1"),
    ]
    assert [f.severity for f in read.findings if str(f.span).startswith("README")] == ["info"]


def test_another_tools_config_does_not_make_a_supabase_project(tmp_path: Path) -> None:
    write(tmp_path, {"config.toml": "[server]\nport = 1\n", "migrations/1_a.sql": "SELECT 1;"})
    assert history.read(tmp_path / "migrations").runner == Runner.PLAIN


def test_names_that_all_begin_with_a_number_are_in_its_order(tmp_path: Path) -> None:
    empty(tmp_path, "10_c.sql", "9_b.sql", "9_a/2.sql", "9_a/11.sql", "008_z.sql")
    read = history.read(tmp_path)
    assert paths(read) == ["008_z.sql", "9_a/2.sql", "9_a/11.sql", "9_b.sql", "10_c.sql"]
    assert [finding.code for finding in read.findings] == [findings.ORDERED_BY_NUMBER]


@pytest.mark.parametrize(
    "names",
    [
        ["10_c.sql", "9_b.sql", "x.sql"],
        ["20240101093011_a.sql", "20240102_b.sql", "20240103101500-c.sql"],
    ],
)
def test_names_without_a_number_or_with_a_date_keep_the_order_of_letters(
    tmp_path: Path, names: list[str]
) -> None:
    assert paths(history.read(empty(tmp_path, *names))) == names


@pytest.mark.parametrize("ending", [".down", "_rollback", "-undo", ".Revert"])
def test_a_file_that_takes_another_one_back_is_not_applied(tmp_path: Path, ending: str) -> None:
    write(tmp_path, {"a.sql": "SELECT 1;", f"a{ending}.sql": "SELECT 2;", "b_rollback.sql": ""})
    read = history.read(tmp_path)
    assert paths(read) == ["a.sql", "b_rollback.sql"]
    assert [(m.down.path, m.down.text) for m in read.migrations if m.down] == [
        (f"a{ending}.sql", "SELECT 2;")
    ]
    assert found(read) == [(findings.DOWN_NOT_APPLIED, f"a{ending}.sql:1:1")]


@pytest.mark.parametrize(
    ("second", "assumed"),
    [
        ("DROP TABLE schema_migrations;", True),
        ("SELECT 1;", False),
        ("create table public.schema_migrations (a int);", False),
        ("create table if not exists schema_migrations (a int);", True),
    ],
)
def test_the_runners_own_table_is_assumed_where_the_history_speaks_of_it(
    tmp_path: Path, second: str, *, assumed: bool
) -> None:
    write(tmp_path, {"1_a.up.sql": "SELECT 1;", "2_b.up.sql": second})
    assert bool(history.read(tmp_path).bookkeeping) == assumed


def test_a_runner_that_is_said_is_not_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {"1_a.up.sql": "SELECT 1;", "2_b.sql": "SELECT 1;"})
    assert history.read(tmp_path).runner == Runner.GOLANG_MIGRATE
    read = history.read(tmp_path, runner=Runner.SQLX)
    assert (read.runner, read.recognised) == (Runner.SQLX, "")
    assert paths(read) == ["1_a.up.sql", "2_b.sql"]


@pytest.mark.parametrize(
    ("files", "skipped"),
    [
        (["20211208235959_init.sql", "20220101000000_a.sql"], ["20211208235959_init.sql"]),
        (["20211209000000_init.sql", "20220101000000_a.sql"], []),
        (["20200101000000_a.sql", "20211208235959_init.sql"], []),
        (["20211208235959_init_x.sql"], []),
        ([".gitkeep", "20211208235959_init.sql"], []),
    ],
)
def test_the_supabase_cli_skips_an_old_first_init_file(
    tmp_path: Path, files: list[str], skipped: list[str]
) -> None:
    read = history.read(empty(tmp_path, *files, "3_z.sql"), runner=Runner.SUPABASE)
    init = [f.span.path for f in read.findings if f.code == findings.OLD_INIT_NOT_READ if f.span]
    assert init == skipped
    assert not set(paths(read)) & set(skipped)
    assert len(paths(read)) == len([f for f in files if f[0] != "."]) + 1 - len(skipped)


def test_two_files_of_one_version_are_found(tmp_path: Path) -> None:
    read = history.read(empty(tmp_path, "1_a.sql", "1_b.sql", "2_c.sql"), runner=Runner.SUPABASE)
    assert paths(read) == ["1_a.sql", "1_b.sql", "2_c.sql"]
    assert found(read) == [(findings.VERSION_TWICE, "1_b.sql:1:1")]


def test_a_folder_of_names_that_do_not_count_is_refused_with_the_names(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="no migration that the supabase runner") as caught:
        history.read(empty(tmp_path, "a.sql"), runner=Runner.SUPABASE)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith("a.sql:1:1: a.sql is not read")


def test_an_order_file_decides_which_files_and_in_which_order(tmp_path: Path) -> None:
    folder = empty(tmp_path / "legacy", "a.sql", "sub/b.sql", "c # d.sql", "e.sql", "2_f.txt")
    order = tmp_path / "order.txt"
    order.write_text("\ufeff# by hand\n\n sub/b.sql \r\na.sql\n  # more\nc # d.sql\n./2_f.txt")
    read = history.read(folder, order=order)
    assert paths(read) == ["sub/b.sql", "a.sql", "c # d.sql", "2_f.txt"]
    assert [m.number for m in read.migrations] == [1, 2, 3, 4]
    (finding,) = read.findings
    assert (finding.code, finding.severity) == (findings.NOT_IN_ORDER_FILE, Severity.INFO)
    assert finding.message.endswith(f"1 of the SQL files in {folder}, so they are not read: e.sql")


def test_an_order_file_reads_what_the_runner_would_not(tmp_path: Path) -> None:
    folder = empty(tmp_path / "legacy", "2_a.sql", "hotfix.sql", "sub/1_b.sql")
    order = tmp_path / "order.txt"
    order.write_text("hotfix.sql\nsub/1_b.sql\n2_a.sql\n")
    read = history.read(folder, runner=Runner.SUPABASE, order=order)
    assert [m.version for m in read.migrations] == ["", "", "2"]
    assert (read.runner, read.findings) == (Runner.SUPABASE, ())


def test_all_that_is_wrong_in_an_order_file_is_told_at_once(tmp_path: Path) -> None:
    folder = empty(tmp_path / "legacy", "a.sql", "sub/b.sql")
    empty(tmp_path, "outside.sql")
    (folder / "link.sql").symlink_to(tmp_path / "outside.sql")
    order = tmp_path / "order.txt"
    order.write_text(
        "a.sql\n  gone.sql\n../outside.sql\n/etc/x.sql\nsub\n./a.sql\nlink.sql\nsub/b.sql\n"
    )
    with pytest.raises(InputProblem, match=r"order\.txt can not be followed") as caught:
        history.read(folder, order=order)
    assert caught.value.problems == (
        f"{order}:2:3: gone.sql does not exist",
        f"{order}:3:1: ../outside.sql is not a path below the legacy folder",
        f"{order}:4:1: /etc/x.sql is not a path below the legacy folder",
        f"{order}:5:1: sub is not a file",
        f"{order}:6:1: a.sql is named before, in line 1",
        f"{order}:7:1: link.sql leads out of the legacy folder",
    )


def test_a_missing_or_empty_order_file_is_refused(tmp_path: Path) -> None:
    empty(tmp_path, "a.sql")
    with pytest.raises(InputProblem, match="can not be read: No such file"):
        history.read(tmp_path, order=tmp_path / "gone")
    (tmp_path / "order.txt").write_text("# nothing\n")
    with pytest.raises(InputProblem, match="no migration"):
        history.read(tmp_path, order=tmp_path / "order.txt")


def test_placeholders_are_filled_in_once_and_the_longest_wins(tmp_path: Path) -> None:
    write(tmp_path, {"a.sql": "$%ID%$ '$%ID%$X' :v", "b.sql": "'\\1'"})
    placeholders = {"$%ID%$": ":v", "$%ID%$X": r"\1", ":v": "$%ID%$", "${GONE}": "x"}
    read = history.read(tmp_path, placeholders=placeholders)
    assert [m.text for m in read.migrations] == [r":v '\1' $%ID%$", r"'\1'"]
    assert [f.code for f in read.findings] == [findings.PLACEHOLDER_UNUSED]
    assert "${GONE}" in read.findings[0].message


def test_an_empty_placeholder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="placeholder is empty"):
        history.read(empty(tmp_path, "a.sql"), placeholders={"": "x"})


def test_every_code_has_a_title() -> None:
    codes = {v for k, v in vars(findings).items() if k.isupper() and isinstance(v, str)}
    assert codes == set(findings.CODES)
    assert all(findings.CODES.values())


def test_a_finding_says_what_to_do_only_where_something_matters(tmp_path: Path) -> None:
    empty(tmp_path, "1_a.sql", "README.md", "b.sql")
    by_path: dict[str, Finding] = {
        f.span.path: f for f in history.read(tmp_path, runner=Runner.SUPABASE).findings if f.span
    }
    assert by_path["README.md"].help is None
    assert by_path["b.sql"].help
