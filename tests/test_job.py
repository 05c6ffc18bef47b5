"""What a consolidation starts from, without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import findings, job
from consolidate.errors import InputProblem
from consolidate.model import Runner
from consolidate.request import Request

if TYPE_CHECKING:
    from pathlib import Path


def test_a_transaction_that_is_never_committed_is_told_where_it_begins(tmp_path: Path) -> None:
    (tmp_path / "1.sql").write_text("SELECT 1;\nBEGIN;\nSELECT 2;\n")
    (tmp_path / "2.sql").write_text("BEGIN; SELECT 1; COMMIT; BEGIN; ROLLBACK;")
    found = job.prepare(Request(folder=tmp_path)).history.findings
    assert [(f.code, str(f.span)) for f in found] == [(findings.LEFT_OPEN, "1.sql:2:1")]


def test_preludes_are_read_as_psql_reads_them_and_keep_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("SELECT 1;")
    base = tmp_path / "base.sql"
    base.write_bytes(b"\xef\xbb\xbf\\restrict abc\nCREATE TABLE t ();\n\\unrestrict abc\n")
    made = job.prepare(Request(folder=tmp_path, prelude=base)).prelude
    assert made.split() == ["--", "consolidate:", base.as_posix(), "CREATE", "TABLE", "t", "();"]
    base.write_bytes(b"-- \xe9")
    with pytest.raises(InputProblem) as caught:
        job.prepare(Request(folder=tmp_path, prelude=base))
    assert caught.value.problems[0].startswith("base.sql:1:4: byte 3")


def test_a_link_to_nowhere_can_not_be_set_aside(tmp_path: Path) -> None:
    (tmp_path / "a.sql").symlink_to(tmp_path / "gone")
    with pytest.raises(InputProblem, match="can not be set aside"):
        job.prepare(Request(folder=tmp_path, quarantine=("a.sql",)))


def test_sql_beside_the_runners_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "1_a.up.sql").write_text("SELECT 1;")
    (tmp_path / "seed.sql").write_text("SELECT 2;")
    made = job.prepare(Request(folder=tmp_path))
    assert made.legacy == tmp_path / "migrations"
    assert [file[0].path for file in made.files] == ["1_a.up.sql"]
    (finding,) = made.history.findings
    assert finding.code == findings.FOLDER_NOT_READ
    assert finding.message.endswith("not read: 1 SQL file: seed.sql")
    assert f"1 file in {tmp_path / 'migrations'}, runner golang-migrate" in made.talk[0]
    plain = job.prepare(Request(folder=tmp_path, runner=Runner.PLAIN))
    assert [file[0].path for file in plain.files] == ["migrations/1_a.up.sql", "seed.sql"]
