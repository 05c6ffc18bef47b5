"""What a rollback took is told apart from what its file had put there, and held to its guard."""

from __future__ import annotations

import pytest

from consolidate.catalog.rows import Column, Rows, Table, TableRows
from consolidate.drill.losses import Losses, Step, complaints, losses
from consolidate.model import ObjectId


def held(*rows: str, name: str = "public.keys", columns: str = "id", kind: str = "table") -> Rows:
    """One table with rows of comma-separated cells."""
    table = Table(
        object=ObjectId(kind, name),
        root=name,
        columns=tuple(
            Column(
                name=column,
                quoted=column,
                type="text",
                base="text",
                generated=False,
                identity=False,
            )
            for column in columns.split(",")
        ),
        primary_key=(),
        unique_keys=(),
        foreign_keys=(),
    )
    cells = tuple(tuple(row.split(",")) for row in rows)
    return Rows(tables=(TableRows(table=table, rows=cells),), sequences=())


NOTHING = Rows(tables=(), sequences=())
NONE = Losses(dropped={}, deleted={}, cut={}, added={})


def lost(before: Rows, after: Rows, above: Rows = NOTHING, below: Rows = NOTHING) -> Losses:
    return losses(Step(before=before, after=after, above=above, below=below))


def test_rows_that_the_file_put_there_are_no_loss() -> None:
    seeded = held("1", "2")
    assert lost(seeded, NOTHING, above=seeded) == NONE
    assert lost(held("1", "2", "9"), held("9"), above=seeded, below=held()) == NONE


def test_a_dropped_table_loses_the_rows_of_others() -> None:
    found = lost(held("1", "2", "9"), NOTHING, above=held("1", "2"))
    assert found == Losses(dropped={"public.keys": 1}, deleted={}, cut={}, added={})


def test_a_row_that_was_changed_since_is_a_row_of_others() -> None:
    seeded = held("1,hall", columns="id,name")
    changed = held("1,cell", columns="id,name")
    found = lost(changed, held(columns="id,name"), above=seeded, below=held(columns="id,name"))
    assert found.deleted == {"public.keys": 1}


def test_a_row_that_gets_back_what_the_file_had_changed_keeps_what_others_have() -> None:
    columns = "id,name,note"
    above, below = held("9,a,T", columns=columns), held("1,a,x", columns=columns)

    def taken_back(before: str, after: str) -> Losses:
        return lost(held(before, columns=columns), held(after, columns=columns), above, below)

    assert taken_back("9,b,T", "1,b,x").deleted == {}
    assert taken_back("9,b,T", "1,b,x").added == {}
    assert taken_back("9,b,T", "1,a,x").deleted == {"public.keys": 1}
    assert taken_back("9,b,U", "1,b,x").deleted == {"public.keys": 1}


def test_rows_that_come_back_are_only_those_that_the_file_had_removed() -> None:
    above, below = held("2"), held("1")
    assert lost(held("2", "9"), held("1", "9"), above=above, below=below) == NONE
    found = lost(held("2", "9"), held("1", "3", "9"), above=above, below=below)
    assert found == Losses(dropped={}, deleted={}, cut={}, added={"public.keys": 1})


def test_a_column_that_goes_loses_no_row_but_the_values_of_others() -> None:
    found = lost(
        held("1,a", "8,a", "9,b", columns="id,note"),
        held("1", "8", "9"),
        above=held("1,a", columns="id,note"),
        below=held("1"),
    )
    assert found == Losses(dropped={}, deleted={}, cut={"public.keys.note": 2}, added={})


def test_a_materialized_view_loses_nothing_of_its_own() -> None:
    assert lost(held("1", kind="materialized view"), NOTHING) == NONE


@pytest.mark.parametrize(
    ("found", "said", "wrong"),
    [
        (NONE, None, []),
        (NONE, "permission denied", ["it refuses, and nothing would be lost"]),
        (
            NONE,
            "this rollback would drop rows: public.keys (2 rows)",
            ["it names public.keys, which loses none"],
        ),
        (
            Losses(dropped={"public.keys": 2}, deleted={}, cut={}, added={}),
            "this rollback would drop rows: public.keys (2 rows)",
            [],
        ),
        (
            Losses(dropped={"public.keys": 1}, deleted={}, cut={}, added={}),
            "this rollback would drop rows: public.notes (1 row), public.keys (1 row)",
            [],
        ),
        (
            Losses(dropped={"public.keys": 2}, deleted={}, cut={}, added={}),
            None,
            ["2 rows of public.keys went without a word"],
        ),
        (
            Losses(dropped={"public.keys": 2}, deleted={}, cut={}, added={}),
            "this rollback would drop rows: public.keys_old (2 rows)",
            ["it does not name public.keys, which loses 2 rows"],
        ),
        (
            Losses(dropped={"public.keys": 3}, deleted={}, cut={}, added={}),
            "this rollback would drop rows: public.keys (2 rows)",
            ["of public.keys it counts 2 rows, and 3 go"],
        ),
        (
            Losses(dropped={}, deleted={"public.keys": 1}, cut={}, added={}),
            "this rollback would lose rows: public.keys, changed since (1 rows)",
            [],
        ),
        (
            Losses(dropped={}, deleted={"public.keys": 1}, cut={}, added={}),
            "this rollback would lose rows: public.notes, deleted with rows of public.keys (1 row)",
            ["it does not name public.keys, which loses 1 row"],
        ),
        (
            Losses(dropped={}, deleted={}, cut={"public.keys.note": 1}, added={}),
            "this rollback would lose rows: public.keys.note (1 rows)",
            [],
        ),
        (
            NONE,
            "this rollback would lose rows: public.keys, pointing at public.rooms (1 rows)",
            ["it refuses, and nothing would be lost"],
        ),
        (
            Losses(dropped={}, deleted={}, cut={}, added={"public.keys": 1}),
            None,
            ["1 row of public.keys came that nobody had put there"],
        ),
        (  # a row that turned into another one
            Losses(dropped={}, deleted={"public.keys": 1}, cut={}, added={"public.keys": 1}),
            "this rollback would lose rows: public.keys, like rows of this history (1 row)",
            [],
        ),
        (
            Losses(dropped={}, deleted={"public.keys": 1}, cut={}, added={"public.keys": 2}),
            "this rollback would lose rows: public.keys, like rows of this history (1 row)",
            ["1 row of public.keys came that nobody had put there"],
        ),
        (
            Losses(dropped={}, deleted={"public.keys": 1}, cut={}, added={"public.keys": 1}),
            None,
            [
                "1 row of public.keys went without a word",
                "1 row of public.keys came that nobody had put there",
            ],
        ),
    ],
)
def test_a_guard_names_every_table_that_loses_rows_and_no_other(
    found: Losses, said: str | None, wrong: list[str]
) -> None:
    assert list(complaints(found, said, held())) == wrong


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("public.keys, pointing at public.rooms (1 row)", []),
        ("public.keys, deleted with rows of public.rooms (1 row)", []),
        (
            "public.rooms, pointed at by public.keys (1 row)",
            ["it does not name public.keys, which points at what goes"],
        ),
    ],
)
def test_a_guard_names_the_tables_whose_rows_point_at_what_goes(
    said: str, wrong: list[str]
) -> None:
    told = f"this rollback would lose rows: {said}"
    assert list(complaints(NONE, told, held(), {"public.keys"})) == wrong
