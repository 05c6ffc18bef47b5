"""INSERTs that list their rows: taken apart, and written with other cells, columns and rows."""

from __future__ import annotations

import pglast
import pytest

from consolidate.wording.listings import Listing, listing
from consolidate.wording.rowsplice import Changes, spliced
from consolidate.wording.text import tokens


def listed(words: str) -> Listing | None:
    return listing(words, pglast.parse_sql(words)[0].stmt)


def known(words: str) -> Listing:
    found = listed(words)
    assert found is not None
    return found


def without(words: str, *gone: int) -> str:
    left = spliced(known(words), Changes(cells={}, added={}, gone=frozenset(gone)))
    if left:
        assert len(known(left).rows) == len(known(words).rows) - len(gone)
        assert tokens(left)[-1].name == "ASCII_59", "no comment has swallowed the semicolon"
    return left


def test_cells_are_found_with_their_constants_whatever_stands_between_them() -> None:
    words = (
        '-- VALUES (0)\nINSERT INTO t AS x (a, "b,", c) OVERRIDING SYSTEM VALUE VALUES\n'
        "  (1, 'ä(,)', ARRAY[1, 2]), -- (9)\n"
        "  (-2 /* ,) */, NULL, f(1, (2))),\n"
        "  (DEFAULT, E'a\\nb', '1'::int) ON CONFLICT (a) DO NOTHING;"
    )
    found = known(words)
    assert found.columns == ("a", "b,", "c")
    assert [name.of(words) for name in found.names] == ["a", '"b,"', "c"]
    assert found.table.of(words) == "t"
    assert words[: found.values_end].endswith(" VALUES")
    assert [[cell.span.of(words) for cell in row.cells] for row in found.rows] == [
        ["1", "'ä(,)'", "ARRAY[1, 2]"],
        ["-2", "NULL", "f(1, (2))"],
        ["DEFAULT", "E'a\\nb'", "'1'::int"],
    ]
    constants = [[cell.constant for cell in row.cells] for row in found.rows]
    assert [[c.text if c else "?" for c in row] for row in constants] == [
        ["1", "ä(,)", "?"],
        ["-2", None, "?"],
        ["?", "a\nb", "1"],
    ]


@pytest.mark.parametrize(
    "words",
    [
        "INSERT INTO t SELECT 1;",
        "INSERT INTO t DEFAULT VALUES;",
        "INSERT INTO t SELECT * FROM (VALUES (1)) v;",
        "WITH w AS (SELECT 1) INSERT INTO t VALUES (1);",
        "INSERT INTO t (a.b) VALUES (1);",
        "INSERT INTO t VALUES (1) UNION VALUES (2);",
        "UPDATE t SET a = 1;",
    ],
)
def test_what_lists_no_rows_of_its_own_is_no_listing(words: str) -> None:
    assert listed(words) is None


def test_cells_and_columns_are_put_in_place_and_no_other_byte_changes() -> None:
    words = "-- é\nINSERT INTO t (a, b)\nVALUES ( 1 , 'x' ) , -- one\n (2,'ß');"
    changes = Changes(
        cells={(0, 1): "'yy'", (1, 0): "20"}, added={"C": ["true", "NULL"]}, gone=frozenset()
    )
    assert spliced(known(words), changes) == (
        "-- é\nINSERT INTO t (a, b, \"C\")\nVALUES ( 1 , 'yy', true ) , -- one\n (20,'ß', NULL);"
    )


def test_a_column_is_added_to_rows_alone_where_the_author_named_none() -> None:
    changes = Changes(cells={}, added={"c": ["3", "4"]}, gone=frozenset())
    left = spliced(known("INSERT INTO t VALUES (1), (2);"), changes)
    assert left == "INSERT INTO t VALUES (1, 3), (2, 4);"


OWN = """\
INSERT INTO t VALUES
  (1, 'a'), -- first
  -- about the second
  (2, 'b'),
  (3, 'c'); """.rstrip()


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ([0], "INSERT INTO t VALUES\n  -- about the second\n  (2, 'b'),\n  (3, 'c');"),
        ([1], "INSERT INTO t VALUES\n  (1, 'a'), -- first\n  (3, 'c');"),
        ([2], "INSERT INTO t VALUES\n  (1, 'a'), -- first\n  -- about the second\n  (2, 'b');"),
        ([0, 1], "INSERT INTO t VALUES\n  (3, 'c');"),
        ([1, 2], "INSERT INTO t VALUES\n  (1, 'a'); -- first"),
        ([0, 2], "INSERT INTO t VALUES\n  -- about the second\n  (2, 'b');"),
        ([0, 1, 2], ""),
    ],
)
def test_a_row_goes_with_its_comma_and_its_own_comment(gone: list[int], left: str) -> None:
    assert without(OWN, *gone) == left


def test_a_comment_that_stays_does_not_swallow_what_follows_the_rows() -> None:
    words = "INSERT INTO t VALUES\n  (1), -- one\n  (2)\nON CONFLICT DO NOTHING;"
    left = "INSERT INTO t VALUES\n  (1) -- one\n\nON CONFLICT DO NOTHING;"
    assert without(words, 1) == left


HEADED = """\
INSERT INTO t VALUES
  -- courts
  (1),
  (2),
  -- offices
  (3),
  (4);"""


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ([0], "INSERT INTO t VALUES\n  -- courts\n  (2),\n  -- offices\n  (3),\n  (4);"),
        ([0, 1], "INSERT INTO t VALUES\n  -- offices\n  (3),\n  (4);"),
        ([2], "INSERT INTO t VALUES\n  -- courts\n  (1),\n  (2),\n  -- offices\n  (4);"),
        ([2, 3], "INSERT INTO t VALUES\n  -- courts\n  (1),\n  (2);"),
    ],
)
def test_a_heading_goes_with_the_last_row_below_it(gone: list[int], left: str) -> None:
    assert without(HEADED, *gone) == left


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ([0], "INSERT INTO t VALUES (2), (3),\n (4), (5);"),
        ([1], "INSERT INTO t VALUES (1), (3),\n (4), (5);"),
        ([2], "INSERT INTO t VALUES (1), (2),\n (4), (5);"),
        ([3], "INSERT INTO t VALUES (1), (2), (3),\n (5);"),
        ([4], "INSERT INTO t VALUES (1), (2), (3),\n (4);"),
        ([1, 2], "INSERT INTO t VALUES (1),\n (4), (5);"),
        ([2, 3, 4], "INSERT INTO t VALUES (1), (2);"),
        ([1, 3], "INSERT INTO t VALUES (1), (3),\n (5);"),
    ],
)
def test_rows_that_share_a_line_leave_it_to_the_others(gone: list[int], left: str) -> None:
    assert without("INSERT INTO t VALUES (1), (2), (3),\n (4), (5);", *gone) == left


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ([0], "INSERT INTO t VALUES (2)\n  -- c\n  , (3) -- three\n  , (4);"),
        ([1], "INSERT INTO t VALUES (1) -- one\n  -- c\n  , (3) -- three\n  , (4);"),
        ([2], "INSERT INTO t VALUES (1) -- one\n  , (2)\n  , (4);"),
        ([3], "INSERT INTO t VALUES (1) -- one\n  , (2)\n  -- c\n  , (3); -- three"),
        ([1, 2], "INSERT INTO t VALUES (1) -- one\n  , (4);"),
        ([0, 2], "INSERT INTO t VALUES (2)\n  , (4);"),
    ],
)
def test_where_commas_begin_the_lines_a_row_goes_with_the_one_before_it(
    gone: list[int], left: str
) -> None:
    words = "INSERT INTO t VALUES (1) -- one\n  , (2)\n  -- c\n  , (3) -- three\n  , (4);"
    assert without(words, *gone) == left
