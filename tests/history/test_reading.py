from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate import findings, history, statements
from consolidate.errors import InputProblem
from tests.history.folders import found, paths, problems, write

if TYPE_CHECKING:
    from pathlib import Path


def test_places_behind_a_placeholder_are_those_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"a.sql": "SELECT $X;\nSELECT $X, wrong;"})
    (migration,) = history.read(tmp_path, placeholders={"$X": "1,\n 2"}).migrations
    second = statements.parse(migration)[1]
    assert str(second.span) == "a.sql:2:1"
    assert migration.text == "SELECT 1,\n 2;\nSELECT 1,\n 2, wrong;"
    broken = replace(migration, text=migration.text.replace("wrong", "FROM "))
    with pytest.raises(InputProblem) as caught:
        statements.parse(broken)
    assert caught.value.problems == ('a.sql:2:12: syntax error at or near "FROM"',)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("SELECT 'é';".encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + "SELECT 'é';".encode("utf-16-be"), "UTF-16BE"),
    ],
)
def test_a_file_that_is_marked_as_utf16_is_read_and_told(
    tmp_path: Path, data: bytes, name: str
) -> None:
    read = history.read(write(tmp_path, {"a.sql": data}))
    assert read.migrations[0].text == "SELECT 'é';"
    assert found(read) == [(findings.NOT_UTF8, "a.sql:1:1")]
    assert f"a.sql is read as {name}" in read.findings[0].message


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("SET client_encoding = 'LATIN1';\n-- é", "latin-1"),
        ("-- é\nset client_encoding to WIN1252;\nSELECT '€';", "cp1252"),
        ("\\encoding \"LATIN9\"\r\nSELECT '€';", "iso8859-15"),
        ("SET client_encoding = LATIN5; SELECT 'ş';", "iso8859-9"),
    ],
)
def test_a_file_may_say_its_encoding_which_is_utf8_from_then_on(
    tmp_path: Path, text: str, codec: str
) -> None:
    (migration,) = (read := history.read(write(tmp_path, {"a.sql": text.encode(codec)}))).migrations
    assert [f.code for f in read.findings] == [findings.NOT_UTF8]
    assert "UTF8" in migration.text
    assert text[-3] in migration.text


@pytest.mark.parametrize(
    "said",
    [
        b"SET client_encoding = 'UTF8';",
        b"SET client_encoding = 'MULE_INTERNAL';",
        b"SET client_encoding = LATIN1;\nSET client_encoding = LATIN2;",
        b"SELECT 'SET client_encoding = LATIN1';",
    ],
)
def test_bytes_in_no_one_encoding_are_refused(tmp_path: Path, said: bytes) -> None:
    (problem,) = problems(write(tmp_path, {"a.sql": b"-- \xe9\n" + said}))
    assert problem.startswith("a.sql:1:4: byte 3 (0xe9) is not UTF-8")


def test_bytes_that_are_not_what_the_file_says_are_refused(tmp_path: Path) -> None:
    data = b"SET client_encoding = 'WIN1252';\n-- \x81"
    (problem,) = problems(write(tmp_path, {"a.sql": data}))
    assert problem.startswith("a.sql:2:1: byte 33 is not WIN1252, as it says: ")


def test_included_files_are_read_where_psql_would_find_them_and_not_twice(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "sql",
        {
            "a/1.sql": "\\i a/2.sql\n\\i 3.sql\n\\ir ../c/4.sql\n\\i sql/c/5.sql",
            "a/2.sql": "SELECT 2;",
            "a/3.sql": "SELECT 3",
            "c/4.sql": "\\ir 6.sql\nSELECT 4;",
            "c/5.sql": "SELECT 5;\n",
            "c/6.sql": "SELECT 6;",
            "d.sql": "SELECT 7;",
        },
    )
    read = history.read(folder)
    assert paths(read) == ["a/1.sql", "d.sql"]
    assert read.migrations[1].number == 2
    places = [s.place for s in statements.parse(read.migrations[0]) if s.sql]
    assert places == ["a/2.sql:1", "a/3.sql:1", "c/6.sql:1", "c/4.sql:2", "c/5.sql:1"]
    assert found(read) == [(findings.INCLUDED, "a/1.sql:1:1")]
    assert read.findings[0].message.endswith(": a/2.sql, a/3.sql, c/4.sql, c/5.sql, c/6.sql")


def test_an_order_file_may_name_included_files_too(tmp_path: Path) -> None:
    write(tmp_path, {"a.sql": "\\i b.sql", "b.sql": "SELECT 1;", "order.txt": "b.sql\na.sql\n"})
    assert paths(history.read(tmp_path, order=tmp_path / "order.txt")) == ["b.sql", "a.sql"]


def test_a_change_in_an_included_file_changes_the_hash(tmp_path: Path) -> None:
    write(tmp_path, {"a.sql": "\\i b.sql\n\\copy t from c.csv", "b.sql": "SELECT 1;", "c.csv": "1"})
    before = history.read(tmp_path).migrations[0].sha256
    write(tmp_path, {"b.sql": "SELECT 2;"})
    between = history.read(tmp_path).migrations[0].sha256
    write(tmp_path, {"c.csv": "2"})
    assert len({before, between, history.read(tmp_path).migrations[0].sha256}) == 3


def test_what_can_not_be_included_is_told_where_it_is_asked_for(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "sql",
        {
            "a.sql": "\\i gone.sql\n\\i ../outside.sql\n\\i /etc/hosts\n\\ir a.sql\n\\i b.sql\n",
            "b.sql": b"-- \xe9",
            "c.sql": "\\copy t from 'gone.csv'\n\\copy t from '../outside.sql'\n",
        },
    )
    write(tmp_path, {"outside.sql": "SELECT 1;"})
    assert problems(folder) == (
        "a.sql:1:1: gone.sql is not in the legacy folder; copy it there, or take the line out",
        "a.sql:2:1: ../outside.sql is outside of the legacy folder; copy it there",
        "a.sql:3:1: /etc/hosts is outside of the legacy folder; copy it there",
        r"a.sql:4:1: \ir in a circle, a.sql → a.sql; take one of them out",
        (
            "a.sql:5:1: b.sql can not be read: b.sql:1:4: byte 3 (0xe9) is not UTF-8: "
            "unexpected end of data"
        ),
        "b.sql:1:4: byte 3 (0xe9) is not UTF-8: unexpected end of data",
        "c.sql:1:1: gone.csv is not in the legacy folder; copy it there, or take the line out",
        "c.sql:2:1: ../outside.sql is outside of the legacy folder; copy it there",
    )


def test_a_placeholder_stands_for_what_a_shell_would_print(tmp_path: Path) -> None:
    write(tmp_path, {"a.sql": "\\set who `cat /secret`\nSELECT :'who', :by;\nSELECT wrong"})
    placeholders = {"`cat /secret`": "'me'", ":by": "1"}
    (migration,) = history.read(tmp_path, placeholders=placeholders).migrations
    assert migration.text == "\nSELECT 'me', 1;\nSELECT wrong"
    assert [s.place for s in statements.parse(migration)] == ["a.sql:2", "a.sql:3"]
