"""Corrections folded into the rows that were listed before them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from consolidate import statements
from consolidate.catalog.rows import Column, MarkedRow, MarkedTable, Table, Volatile
from consolidate.model import Migration, ObjectId
from consolidate.trace import RowCounts
from consolidate.wording.corrections import correction
from consolidate.wording.listings import listing
from consolidate.wording.tablefold import Corrected, Folded, Listed, NotExact, fold

if TYPE_CHECKING:
    from collections.abc import Mapping

INSERT = "INSERT INTO t (k, name, n) VALUES\n  ('a', 'A', 1), -- the first\n  ('b', 'B', 2);"


@dataclass
class History:
    """Statements about one table, each with what it inserted, updated and deleted."""

    columns: tuple[str, ...] = ("k text", "name text", "n integer")
    primary: tuple[str, ...] = ("k",)
    defaults: Mapping[str, str] = field(default_factory=dict)
    listed: list[Listed] = field(default_factory=list)
    corrected: list[Corrected] = field(default_factory=list)
    number: int = 0

    def run(self, sql: str, inserted: int = 0, updated: int = 0, deleted: int = 0) -> History:
        self.number += 1
        text = Migration(number=self.number, path="a", version="", text=sql, sha256="")
        (statement,) = statements.parse(text)
        rows = listing(sql, statement.tree)
        if updated or deleted:
            found = correction(statement, rows)
            assert found is not None
            self.corrected.append(Corrected(correction=found, number=self.number, deleted=deleted))
        if rows is not None:
            names = tuple(column.split()[0] for column in self.columns)
            counts = RowCounts(inserted=inserted, updated=updated, deleted=deleted)
            self.listed.append(
                Listed(
                    statement=statement.id,
                    number=self.number,
                    rows=rows,
                    columns=rows.columns or names[: len(rows.rows[0].cells)],
                    counts=counts,
                    conflicts="ON CONFLICT" in sql,
                )
            )
        return self

    def left(self, *rows: MarkedRow) -> Mapping[int, Folded]:
        """What is otherwise, by the number of the statement, if these rows are there at the end."""
        columns = [
            Column(
                name=name,
                quoted=name,
                type=base,
                base=base,
                generated=base == "generated",
                identity=base == "identity",
            )
            for name, base in (column.split(" ", 1) for column in self.columns)
        ]
        table = Table(
            object=ObjectId("table", "public.t"),
            root="public.t",
            columns=tuple(columns),
            primary_key=self.primary,
            unique_keys=(),
            foreign_keys=(),
        )
        marked = MarkedTable(table=table, rows=rows)
        found = fold(marked, self.defaults, self.listed, self.corrected)
        return {int(name.partition("#")[0]): folded for name, folded in found.items()}

    def words(self, *rows: MarkedRow) -> str:
        """The words of the only statement that is otherwise."""
        (folded,) = self.left(*rows).values()
        return folded.words


def seeded() -> History:
    return History().run(INSERT, inserted=2)


def test_a_changed_cell_is_put_in_place_and_the_rest_is_the_authors() -> None:
    found = seeded().run("UPDATE t SET n = 20 WHERE k = 'b'", updated=1)
    left = found.left(("a", "A", "1"), ("b", "B", "20"))
    assert left[1].words == INSERT.replace("'B', 2", "'B', 20")
    assert left[1].rows == 2
    assert left[1].corrections == ("0002#1",)


def test_of_several_corrections_only_the_last_word_is_written() -> None:
    found = seeded().run("UPDATE t SET n = 20 WHERE k = 'b'", updated=1)
    found.run("UPDATE t SET n = n + 1", updated=2).run("UPDATE t SET name = 'Z'", updated=2)
    assert found.words(("a", "Z", "2"), ("b", "Z", "21")) == (
        INSERT.replace("'A', 1", "'Z', 2").replace("'B', 2", "'Z', 21")
    )


def test_a_deleted_row_goes_with_its_line_and_the_last_comma() -> None:
    found = seeded().run("DELETE FROM t WHERE k = 'b'", deleted=1)
    left = found.left(("a", "A", "1"))
    assert left[1].words == ("INSERT INTO t (k, name, n) VALUES\n  ('a', 'A', 1); -- the first")
    assert (left[1].rows, left[1].corrections) == (1, ("0002#1",))


def test_an_insert_whose_rows_are_all_deleted_is_gone() -> None:
    left = seeded().run("DELETE FROM t", deleted=2).left()
    assert (left[1].words, left[1].rows) == ("", 0)


def test_a_row_that_was_deleted_and_inserted_again_is_the_later_one() -> None:
    found = seeded().run("DELETE FROM t WHERE k = 'a'", deleted=1)
    found.run("INSERT INTO t (k, name, n) VALUES ('a', 'AA', 9)", inserted=1)
    found.run("UPDATE t SET n = 10 WHERE k = 'a'", updated=1)
    left = found.left(("a", "AA", "10"), ("b", "B", "2"))
    assert left[1].words == "INSERT INTO t (k, name, n) VALUES\n  ('b', 'B', 2);"
    assert left[3].words == "INSERT INTO t (k, name, n) VALUES ('a', 'AA', 10)"


def test_an_upsert_corrects_the_rows_that_are_there_and_keeps_its_own() -> None:
    upsert = (
        "INSERT INTO t (k, name, n) VALUES ('b', 'BB', 7), ('c', 'C', 3)\n"
        "ON CONFLICT (k) DO UPDATE SET name = excluded.name"
    )
    left = (
        seeded()
        .run(upsert, inserted=1, updated=1)
        .left(("a", "A", "1"), ("b", "BB", "2"), ("c", "C", "3"))
    )
    assert left[1].words == INSERT.replace("'B'", "'BB'")
    assert left[1].corrections == ("0002#1",)
    assert left[2].words == upsert.replace("('b', 'BB', 7), ", "")


def test_rows_that_conflict_and_do_nothing_stay_where_they_did_nothing() -> None:
    again = "INSERT INTO t (k, name, n) VALUES ('b', 'x', 0), ('c', 'C', 3) ON CONFLICT DO NOTHING"
    found = seeded().run(again, inserted=1).run("UPDATE t SET n = 5 WHERE k <> 'a'", updated=2)
    left = found.left(("a", "A", "1"), ("b", "B", "5"), ("c", "C", "5"))
    assert left[1].words == INSERT.replace("'B', 2", "'B', 5")
    assert left[2].words == again.replace("'C', 3", "'C', 5")


def test_a_column_that_came_later_is_added_where_rows_have_other_than_its_default() -> None:
    found = History(
        columns=("k text", "name text", "n integer", "open boolean", "at timestamp"),
        defaults={"open": "true", "at": "now()"},
    ).run(INSERT, inserted=2)
    found.run("UPDATE t SET open = false, at = now() WHERE k = 'b'", updated=1)
    at = Volatile("x", "timestamp")
    assert found.words(("a", "A", "1", "t", at), ("b", "B", "2", "f", at)) == (
        "INSERT INTO t (k, name, n, open) VALUES\n"
        "  ('a', 'A', 1, true), -- the first\n  ('b', 'B', 2, false);"
    )


def test_a_column_that_holds_its_default_everywhere_is_not_added() -> None:
    found = History(
        columns=("k text", "name text", "n integer", "open boolean", "note text"),
        defaults={"open": "true"},
    ).run(INSERT, inserted=2)
    found.run("UPDATE t SET open = true, note = NULL", updated=2)
    assert found.left(("a", "A", "1", "t", None), ("b", "B", "2", "t", None)) == {}


def test_what_was_set_in_a_column_that_is_gone_is_nothing_to_fold() -> None:
    assert (
        seeded().run("UPDATE t SET old = 1", updated=2).left(("a", "A", "1"), ("b", "B", "2")) == {}
    )


def test_a_value_keeps_the_spelling_of_its_author() -> None:
    found = History(columns=("k text", "at timestamp with time zone")).run(
        "INSERT INTO t VALUES ('a', '2024-01-01'), ('b', '2024-01-01')", inserted=2
    )
    found.run("UPDATE t SET at = '2024-02-01' WHERE k = 'b'", updated=1)
    assert found.words(("a", "2024-01-01 00:00:00+00"), ("b", "2024-02-01 00:00:00+00")) == (
        "INSERT INTO t VALUES ('a', '2024-01-01'), ('b', '2024-02-01')"
    )


def test_rows_without_a_key_are_told_by_what_no_correction_sets() -> None:
    found = History(primary=()).run(INSERT, inserted=2).run("UPDATE t SET n = 0", updated=2)
    assert "'A', 0" in found.words(("b", "B", "0"), ("a", "A", "0"))


def test_an_expression_that_no_replay_repeats_stays() -> None:
    found = History(columns=("k text", "n integer", "at timestamp")).run(
        "INSERT INTO t VALUES ('a', 1, now())", inserted=1
    )
    found.run("UPDATE t SET n = 2, at = now()", updated=1)
    assert found.words(("a", "2", Volatile("x", "timestamp"))) == (
        "INSERT INTO t VALUES ('a', 2, now())"
    )


def test_what_a_trigger_filled_is_left_to_the_default() -> None:
    found = History(columns=("k text", "n integer", "at timestamp"), defaults={"at": "now()"}).run(
        "INSERT INTO t VALUES ('a', 1, '2024-01-01')", inserted=1
    )
    found.run("UPDATE t SET n = 2, at = now()", updated=1)
    assert found.words(("a", "2", Volatile("x", "timestamp"))) == (
        "INSERT INTO t VALUES ('a', 2, DEFAULT)"
    )


A, B = ("a", "A", "1"), ("b", "B", "2")


@pytest.mark.parametrize(
    ("history", "rows"),
    [
        # an expression stands where something was set
        (
            History()
            .run("INSERT INTO t VALUES ('a', lower('A'), 1)", inserted=1)
            .run("UPDATE t SET name = 'x'", updated=1),
            [("a", "x", "1")],
        ),
        # a constant became something volatile
        (
            seeded().run("UPDATE t SET name = now()", updated=2),
            [("a", Volatile("x", "text"), "1"), ("b", Volatile("y", "text"), "2")],
        ),
        # the key itself was set, and the rest tells no rows apart
        (
            History()
            .run("INSERT INTO t VALUES ('a', 'A', 1), ('b', 'A', 1)", inserted=2)
            .run("UPDATE t SET k = 'c' WHERE k = 'a'", updated=1),
            [("c", "A", "1"), ("b", "A", "1")],
        ),
        # more rows are gone than were deleted
        (seeded().run("DELETE FROM t WHERE k = 'b'", deleted=1), []),
        # fewer rows are gone than were deleted
        (seeded().run("DELETE FROM t", deleted=2), [A]),
        # some rows were not inserted, nobody knows which
        (History().run(INSERT, inserted=1).run("UPDATE t SET n = 0", updated=1), [A]),
        # a column that the INSERT names is not there any more
        (
            History()
            .run("INSERT INTO t (k, old) VALUES ('a', 1)", inserted=1)
            .run("UPDATE t SET n = 0", updated=1),
            [("a", None, "0")],
        ),
        # a row that is left out would have drawn a number
        (
            History(columns=("id identity", *History.columns))
            .run(INSERT, inserted=2)
            .run("DELETE FROM t WHERE k = 'a'", deleted=1),
            [("2", *B)],
        ),
        (
            History(
                columns=("id integer", *History.columns), defaults={"id": "nextval('s'::regclass)"}
            )
            .run(INSERT, inserted=2)
            .run("DELETE FROM t WHERE k = 'a'", deleted=1),
            [("2", *B)],
        ),
        # a column to be added is not the next one, and the author named none
        (
            History(columns=(*History.columns, "x text", "y text"))
            .run("INSERT INTO t VALUES ('a', 'A', 1)", inserted=1)
            .run("UPDATE t SET y = 'y'", updated=1),
            [(*A, None, "y")],
        ),
    ],
)
def test_what_can_not_be_told_exactly_is_not_folded(
    history: History, rows: list[MarkedRow]
) -> None:
    with pytest.raises(NotExact):
        history.left(*rows)


def test_numbers_do_not_matter_to_rows_that_are_only_changed() -> None:
    found = History(columns=("id identity", *History.columns)).run(INSERT, inserted=2)
    found.run("UPDATE t SET n = 3 WHERE k = 'b'", updated=1)
    assert "'B', 3" in found.words(("1", *A), ("2", "b", "B", "3"))


_MERGE = """\
MERGE INTO t USING s ON t.a = s.a
WHEN MATCHED AND s.b THEN UPDATE SET c = 1 WHEN MATCHED THEN DELETE"""


@pytest.mark.parametrize(
    ("sql", "columns", "chosen"),
    [
        ("UPDATE t SET a = 1, b = DEFAULT", {"a", "b"}, True),
        ("UPDATE t SET a = CASE WHEN b > 1 THEN 'x' ELSE 'y' END", {"a"}, True),
        ("UPDATE t SET a = b * 2", {"a"}, False),
        ("UPDATE t SET (a, b) = (SELECT 1, 2)", {"a", "b"}, False),
        ("DELETE FROM t WHERE a = 1", set(), True),
        ("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.a", {"b"}, True),
        (_MERGE, {"c"}, True),
    ],
)
def test_a_correction_is_read_for_what_it_sets(sql: str, columns: set[str], chosen: bool) -> None:  # noqa: FBT001
    (statement,) = statements.parse(Migration(number=1, path="a", version="", text=sql, sha256=""))
    found = correction(statement, listing(sql, statement.tree))
    assert found is not None
    assert found.columns == frozenset(columns)
    assert found.chosen is chosen


@pytest.mark.parametrize(
    "sql", ["INSERT INTO t VALUES (1)", "TRUNCATE t", "UPDATE t SET a[1] = 2", "SELECT f()"]
)
def test_what_sets_no_whole_columns_is_no_correction(sql: str) -> None:
    (statement,) = statements.parse(Migration(number=1, path="a", version="", text=sql, sha256=""))
    assert correction(statement) is None
