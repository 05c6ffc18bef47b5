"""The order of data statements."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consolidate.catalog.rows import (
    Column,
    ForeignKey,
    MarkedRows,
    MarkedTable,
    Table,
    Volatile,
)
from consolidate.model import ObjectId
from consolidate.wording.rowchain import chained
from consolidate.wording.rowgroups import RowGroups
from consolidate.wording.units import Rung, Unit
from tests.render.conftest import Maker

PARENT, CHILD, OTHER = (ObjectId("table", f"public.{name}") for name in ("p", "c", "o"))


def rows(ordinal: int, table: ObjectId, *reads: ObjectId, as_values: bool = False) -> Unit:
    """A unit that writes one table and reads others."""
    name = ObjectId("rows", table.identity if as_values else f"{table.identity} {ordinal}")
    return Unit(
        object=name,
        type="ROWS",
        sql="",
        rung=Rung.SERVER if as_values else Rung.VERBATIM,
        ordinal=ordinal,
        sources=(),
        members=frozenset({name}),
        needs=frozenset({table, *reads}),
        family=table,
    )


def groups(*, pointing: bool = True, dangling: bool = False) -> RowGroups:
    """`c.p` points at `p.id`, if rows of `c` point anywhere."""
    key = ForeignKey(columns=("p",), references="public.p", referenced_columns=("id",))
    marked = (
        MarkedTable(table=_table(PARENT, "id"), rows=((Volatile("1", "uuid"),),)),
        MarkedTable(
            table=replace(_table(CHILD, "p"), foreign_keys=(key,)),
            rows=((Volatile("2" if dangling else "1", "uuid"),),) if pointing else ((None,),),
        ),
        MarkedTable(table=_table(OTHER, "id"), rows=()),
    )
    truth = replace(Maker().truth(), marked=MarkedRows(tables=marked, sequences=()))
    return RowGroups(truth)


def _table(name: ObjectId, column: str) -> Table:
    only = Column(
        name=column, quoted=column, type="uuid", base="uuid", generated=False, identity=False
    )
    return Table(
        object=name,
        root=name.identity,
        columns=(only,),
        primary_key=(),
        unique_keys=(),
        foreign_keys=(),
    )


def firsts(*units: Unit, among: RowGroups | None = None) -> dict[str, set[str]]:
    """What comes before each unit, by ordinal of the table's letter."""
    found = chained(units, among or groups(pointing=False))
    assert {unit.object for unit in found} == {unit.object for unit in units}
    named = {unit.object: f"{unit.family.identity[-1]}{unit.ordinal}" for unit in units}
    return {named[u.object]: {named[n] for n in u.needs if n in named} for u in found}


def test_a_reader_comes_after_the_last_writer() -> None:
    units = rows(1, PARENT), rows(2, PARENT), rows(3, OTHER, PARENT)
    assert firsts(*units) == {"p1": set(), "p2": {"p1"}, "o3": {"p2"}}


def test_a_writer_comes_after_those_that_read_before() -> None:
    units = rows(1, OTHER, PARENT), rows(2, PARENT)
    assert firsts(*units) == {"o1": set(), "p2": {"o1"}}


def test_writers_of_one_table_keep_their_order() -> None:
    units = rows(3, PARENT), rows(1, PARENT), rows(2, PARENT)
    assert firsts(*units) == {"p1": set(), "p2": {"p1"}, "p3": {"p2"}}


def test_readers_need_no_order_among_themselves() -> None:
    units = rows(1, PARENT), rows(2, OTHER, PARENT), rows(3, CHILD, PARENT), rows(4, PARENT)
    assert firsts(*units) == {
        "p1": set(),
        "o2": {"p1"},
        "c3": {"p1"},
        "p4": {"p1", "o2", "c3"},
    }


def test_statements_about_other_tables_are_not_tied() -> None:
    assert firsts(rows(1, PARENT), rows(2, OTHER)) == {"p1": set(), "o2": set()}


def test_a_unit_keeps_what_it_needs_besides() -> None:
    trigger = ObjectId("trigger", "x on public.p")
    unit = rows(1, PARENT)
    (found,) = chained([replace(unit, needs=unit.needs | {trigger})], groups(pointing=False))
    assert found.needs == {PARENT, trigger}


def test_rows_that_point_come_after_those_they_point_at() -> None:
    among = groups()
    assert firsts(rows(1, PARENT), rows(2, CHILD), among=among) == {"p1": set(), "c2": {"p1"}}


@pytest.mark.parametrize(("parent", "child"), [(1, 2), (2, 1)])
@pytest.mark.parametrize("written", ["parent", "child", "both"])
def test_values_follow_what_they_point_at_whenever_that_was_written(
    parent: int, child: int, written: str
) -> None:
    units = (
        rows(parent, PARENT, as_values=written != "child"),
        rows(child, CHILD, as_values=written != "parent"),
    )
    assert firsts(*units, among=groups()) == {f"p{parent}": set(), f"c{child}": {f"p{parent}"}}


@pytest.mark.parametrize("why", ["null", "dangling"])
def test_values_that_point_at_no_row_keep_the_legacy_order(why: str) -> None:
    among = groups(pointing=why == "dangling", dangling=why == "dangling")
    units = rows(2, PARENT, as_values=True), rows(1, CHILD, PARENT)
    assert firsts(*units, among=among) == {"c1": set(), "p2": {"c1"}}


def test_all_statements_of_a_table_come_before_the_values_that_point_there() -> None:
    units = rows(1, PARENT), rows(2, CHILD, as_values=True), rows(3, PARENT)
    found = firsts(*units, among=groups())
    assert found == {"p1": set(), "c2": {"p3"}, "p3": {"p1"}}


def test_values_come_after_the_rows_that_they_look_up() -> None:
    units = rows(1, OTHER, PARENT, as_values=True), rows(2, PARENT)
    assert firsts(*units) == {"o1": {"p2"}, "p2": set()}


def test_where_both_sides_point_at_each_other_the_legacy_order_holds() -> None:
    units = rows(1, PARENT, CHILD, as_values=True), rows(2, CHILD, as_values=True)
    assert firsts(*units, among=groups()) == {"p1": set(), "c2": {"p1"}}
