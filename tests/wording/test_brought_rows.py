"""What a history did to the rows that the platform brought."""

from __future__ import annotations

from dataclasses import replace

from consolidate.catalog.rows import Column, MarkedTable, Row, Table, TableRows
from consolidate.model import ObjectId
from consolidate.wording.broughtrows import Change, change


def column(name: str, base: str = "text") -> Column:
    return Column(name=name, quoted=name, type=base, base=base, generated=False, identity=False)


TABLE = Table(
    object=ObjectId("table", "auth.t"),
    root="auth.t",
    columns=(column("id", "integer"), column("name")),
    primary_key=("id",),
    unique_keys=(),
    foreign_keys=(),
)


def changed(before: tuple[Row, ...], after: tuple[Row, ...], table: Table = TABLE) -> Change:
    marked = MarkedTable(table=table, rows=after)
    return change(marked, after, TableRows(table=TABLE, rows=before))


def test_rows_that_were_there_are_neither_written_nor_touched() -> None:
    found = changed((("1", "a"),), (("1", "a"), ("2", "b")))
    assert found.statements == ()
    assert found.added.rows == (("2", "b"),)


def test_a_row_that_is_otherwise_is_updated_by_its_key() -> None:
    found = changed((("1", "a"), ("2", "b")), (("2", "b"), ("1", "it's")))
    assert found.statements == ("UPDATE auth.t SET name = 'it''s' WHERE id = 1;",)
    assert found.added.rows == ()


def test_a_row_that_is_gone_is_deleted() -> None:
    found = changed((("1", "a"), ("2", None)), (("1", "a"),))
    assert found.statements == ("DELETE FROM auth.t WHERE id = 2;",)


def test_without_a_key_a_row_that_is_otherwise_is_another_one() -> None:
    keyless = replace(TABLE, primary_key=())
    found = changed((("1", "a"),), (("1", "b"),), keyless)
    assert found.statements == ("DELETE FROM auth.t WHERE id = 1 AND name = 'a';",)
    assert found.added.rows == (("1", "b"),)


def test_a_column_that_came_later_was_null_before() -> None:
    wider = replace(TABLE, columns=(*TABLE.columns, column("note")))
    found = changed((("1", "a"), ("2", "b")), (("1", "a", None), ("2", "b", "x")), wider)
    assert found.statements == ("UPDATE auth.t SET note = 'x' WHERE id = 2;",)


def test_equal_rows_are_counted() -> None:
    keyless = replace(TABLE, primary_key=())
    found = changed((("1", "a"), ("1", "a")), (("1", "a"),), keyless)
    assert len(found.statements) == 1
