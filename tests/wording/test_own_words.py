"""The authors' statements as they are copied."""

from __future__ import annotations

from pathlib import Path

import pytest

from consolidate import psql, statements
from consolidate.model import Migration
from consolidate.places import SourceText
from consolidate.wording.verbatim import own_words

ROOT = Path(__file__).parents[2]


def words(text: str, number: int) -> str:
    parsed = statements.parse(Migration(number=1, path="a", version="", text=text, sha256=""))
    before, after = parsed[:number][-1:], parsed[number + 1 :][:1]
    return own_words(parsed[number], *(before or [None]), *after)


@pytest.mark.parametrize(
    ("text", "number", "copied"),
    [
        ("-- one\nSELECT 1 ;", 0, "-- one\nSELECT 1;"),
        ("SELECT 1; -- one\n-- two\nSELECT 2", 1, "-- two\nSELECT 2;"),
        ("SELECT 1; -- one\n-- two\nSELECT 2", 0, "SELECT 1; -- one"),
        ("SELECT 1; /* one */\nSELECT 2", 0, "SELECT 1; /* one */"),
        ("SELECT 1; /* two */ SELECT 2", 0, "SELECT 1;"),
        ("SELECT 1; /* two */ SELECT 2", 1, "/* two */ SELECT 2;"),
        ("SELECT 1; -- one\n", 0, "SELECT 1; -- one"),
        ("SELECT 1; -- one", 0, "SELECT 1; -- one"),
        ("SELECT 1;\n-- two\nSELECT 2", 0, "SELECT 1;"),
        ("SELECT 1;\n-- two\n        \n\n-- 3\n  SELECT 2", 1, "-- two\n\n-- 3\n  SELECT 2;"),
        ("-- SELECT 1 is\nSELECT 1;", 0, "-- SELECT 1 is\nSELECT 1;"),
        ("/* a */ (SELECT 1) /* (SELECT 1) */;", 0, "/* a */ (SELECT 1);"),
        (";;\nSELECT 1;", 0, "SELECT 1;"),
        (
            "-- Keys\n-- Rollback: my own way\n\nSELECT 1",
            0,
            "-- Keys\n-- Rollback: my own way\n\nSELECT 1;",
        ),
        ("SELECT 1;;\n;-- two; it is\n;SELECT 2;", 1, "-- two; it is\nSELECT 2;"),
    ],
)
def test_a_statement_is_copied_with_the_comments_above_it(
    text: str, number: int, copied: str
) -> None:
    assert words(text, number) == copied


@pytest.mark.parametrize("said", ["", "-- all of them\n"])
@pytest.mark.parametrize("path", sorted((ROOT / "output" / "migrations").rglob("*.sql")), ids=str)
def test_the_header_of_an_output_is_no_comment_on_its_first_statement(
    path: Path, said: str
) -> None:
    header = path.read_text(encoding="utf-8").partition("\n\n")[0]
    assert header.startswith("-- ")
    assert words(f"{header}\n\n{said}SELECT 1;", 0) == f"{said}SELECT 1;"


class NoFiles:
    """A folder with no further files."""

    def script(self, name: str, asked_by: str, *, beside: bool) -> SourceText:
        raise AssertionError((name, asked_by, beside))

    def rows(self, name: str, asked_by: str) -> str:
        raise AssertionError((name, asked_by))


@pytest.mark.parametrize(
    "text",
    [
        "-- a\n\\echo 'made; it'\nCREATE TABLE a (n int);\n",
        "\\set n 1\n\\if :n\n-- a\nCREATE TABLE a (n int);\n\\else\nCREATE TABLE b ();\n\\endif",
        "\\set t a\n-- a\nCREATE TABLE :t (n int) \\g\n",
        "\\restrict x\n-- a\n\nCREATE TABLE a (n int); \\unrestrict x\n",
    ],
)
def test_what_is_copied_holds_nothing_of_psql(text: str) -> None:
    sql = psql.expand(SourceText(path="a", text=text), NoFiles()).source.text
    copied = words(sql, 0)
    assert "\\" not in copied
    assert ":" not in copied
    assert copied.split() == ["--", "a", "CREATE", "TABLE", "a", "(n", "int);"]
