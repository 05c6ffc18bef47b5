"""Which rows go to the seeds; why others stay is told with the plan."""

from __future__ import annotations

from dataclasses import replace

from consolidate.catalog.rows import MarkedRows, MarkedTable
from consolidate.config import Config, Seed
from consolidate.groups.seeds import brought_along, seeds
from consolidate.model import ObjectId
from consolidate.relations import Relations
from tests.render.conftest import Maker


def test_the_rows_of_a_partition_go_where_those_of_its_table_go() -> None:
    truth = Maker().truth(sizes={"public.events_2024": 1})
    (held,) = truth.final.rows.tables
    leaf = replace(held.table, root="public.events")
    marked = MarkedRows(tables=(MarkedTable(table=leaf, rows=()),), sequences=())
    truth = replace(truth, marked=marked)
    step = Maker.step("events 0001#1", "", kind="rows", type_="ROWS", family="public.events_2024")
    seed = Seed(file="01_events", tables=("events",), line=1)
    found = seeds(truth, Config(seeds=(seed,)), Relations(truth, [step.unit]), {})
    assert [slot.path for slot in found.slots.values()] == ["seed/01_events.sql"]
    elsewhere = replace(seed, tables=("other",))
    found = seeds(truth, Config(seeds=(elsewhere,)), Relations(truth, [step.unit]), {})
    assert found.slots == {}


def test_rows_that_are_bound_stay_with_their_reason() -> None:
    truth = Maker().truth()
    step = Maker.step("public.a", "", kind="rows", type_="ROWS", family="public.a")
    seed = Seed(file="01_a", tables=("a",), line=1)
    bound = {ObjectId("rows", "public.a"): "because"}
    found = seeds(truth, Config(seeds=(seed,)), Relations(truth, [step.unit]), bound)
    assert (found.slots, found.stay) == ({}, bound)


def test_rows_that_others_bring_along_and_that_stay_are_told_once() -> None:
    steps = [
        Maker.step(
            f"public.{name} {source}",
            "",
            source,
            kind="rows",
            type_="ROWS",
            family=f"public.{name}",
            ordinal=number,
        )
        for number, (name, source) in enumerate([("a", "0001#1"), ("b", "0001#2")])
    ]
    wrote = {source: {"public.log": 1} for source in ("0001#1", "0001#2")}
    truth = Maker().truth(inserted=wrote)
    config = Config(seeds=(Seed(file="01_log", tables=("log",), line=1),))
    units = [step.unit for step in steps]
    found = [*brought_along(truth, config, Relations(truth, units), ())]
    (only,) = found
    assert only.code == "CON401"
    assert only.message == (
        "rows of public.log stay in migrations/: one statement writes them and those of public.a"
    )
    every = [unit.object for unit in units]
    assert [*brought_along(truth, config, Relations(truth, units), every)] == []
