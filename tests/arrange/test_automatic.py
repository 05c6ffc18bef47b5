"""Files for what no mapping speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consolidate.groups.clusters import LARGEST
from consolidate.groups.shared import SHARE
from consolidate.relations import Relations
from tests.arrange.schema import Schema

if TYPE_CHECKING:
    from consolidate.wording.units import Unit

# -- tables -------------------------------------------------------------------------------


def test_connected_tables_stand_together_and_bear_their_stem() -> None:
    schema = Schema()
    schema.table("hotels")
    schema.table("hotel_rooms", "hotels")
    schema.table("hotel_doors", "hotel_rooms")
    assert schema.tables() == {"hotel_tables": {"hotels", "hotel_rooms", "hotel_doors"}}


def test_without_a_common_stem_the_main_table_names_the_file() -> None:
    schema = Schema()
    schema.table("bikes", "people")
    schema.table("people")
    schema.table("cars", "people")
    schema.table("pets", "people")
    assert set(schema.tables()) == {"people_tables"}


def module(schema: Schema, name: str, size: int, *others: str) -> None:
    """Tables of which each refers to the one before it and to others."""
    first = schema.table(f"{name}s", *others).object
    assert first.kind == "table"
    for number in range(1, size):
        before = f"{name}s" if number == 1 else f"{name}_part{number - 1}"
        schema.table(f"{name}_part{number}", before, *others)


MODULES = ("order", "invoice", "ticket", "parcel", "shift")


def test_a_table_that_all_refer_to_does_not_glue_them_together() -> None:
    schema = Schema()
    schema.table("users")
    schema.table("organizations", "users")
    for name in MODULES:
        module(schema, name, 11, "users", "organizations")
    found = schema.tables()
    for name in MODULES:
        own = {f"{name}s", *(f"{name}_part{n}" for n in range(1, 11))}
        assert own <= found[f"{name}_tables"]
        assert len(found[f"{name}_tables"]) <= len(own) + 2
    assert sum(map(len, found.values())) == 57


def test_the_names_of_columns_tie_tables_too() -> None:
    schema = Schema()
    schema.table("store")
    for name in ("tuple", "assertion", "changelog"):
        schema.table(name, columns=["store"])
    schema.table("lamps", columns=["watt"])
    schema.table("bulbs", columns=["lamp_id"])
    assert schema.tables() == {
        "store_tables": {"store", "tuple", "assertion", "changelog"},
        "lamps_tables": {"lamps", "bulbs"},
    }


def test_tables_of_one_legacy_file_belong_together_where_nothing_else_is_known() -> None:
    schema = Schema()
    schema.table("red", file="0001_a.sql")
    schema.table("blue", file="0001_a.sql")
    schema.table("green", file="0002_b.sql")
    schema.table("black", file="0002_b.sql")
    assert sorted(map(sorted, schema.tables().values())) == [["black", "green"], ["blue", "red"]]


def test_names_that_run_together_are_recognised() -> None:
    schema = Schema()
    for name in ("message", "messagecontent", "messageattempt", "lamp"):
        schema.table(name)
    assert {"message", "messagecontent", "messageattempt"} in schema.tables().values()


def test_a_small_group_joins_the_nearest_one() -> None:
    schema = Schema()
    module(schema, "order", 8)
    schema.table("coupons", "orders")
    schema.table("notes", "order_part3")
    assert len(schema.tables()) == 1


def test_partitions_stand_with_their_parent() -> None:
    schema = Schema()
    module(schema, "order", 12)
    log = schema.table("log")
    for number in range(12):
        part = schema.table(f"y{number}", "orders")
        schema.other("TABLE ATTACH", f"y{number}", log, on=part)
    (file,) = [tables for tables in schema.tables().values() if "log" in tables]
    assert {f"y{number}" for number in range(12)} <= file


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 120), st.data())
def test_no_file_holds_more_tables_than_one_can_review(number: int, data: st.DataObject) -> None:
    schema = Schema()
    for n in range(number):
        targets = data.draw(st.sets(st.integers(0, n - 1), max_size=3)) if n else set()
        schema.table(f"t{n}", *(f"t{target}" for target in sorted(targets)))
    found = schema.tables()
    assert max(map(len, found.values())) <= LARGEST
    assert sorted(table for tables in found.values() for table in tables) == sorted(
        f"t{n}" for n in range(number)
    )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60),
    st.integers(0, 40),
)
def test_a_table_that_nothing_ties_to_others_changes_no_other_group(
    keys: list[tuple[int, int]], place: int
) -> None:
    def tables(*, more: bool) -> dict[str, set[str]]:
        schema = Schema()
        for n in range(40):
            if n == place and more:
                schema.table("zebra")
            targets = {f"t{target:02}" for owner, target in keys if owner == n != target}
            schema.table(f"t{n:02}", *sorted(targets))
        found = schema.tables()
        return {name: own for name, own in found.items() if not name.startswith("public_")}

    before, after = tables(more=False), tables(more=True)
    connected = {f"t{n:02}" for key in keys if key[0] != key[1] for n in key}
    for name, own in before.items():
        if own & connected:
            assert after[name] == own


# -- tables of their own ----------------------------------------------------------------------


WORDS = ("apple", "bread", "cloud", "dance", "earth", "flame", "grape", "house", "ivory", "joker")


def test_tables_on_their_own_are_collected_by_schema_but_never_too_many() -> None:
    schema = Schema()
    module(schema, "order", 10)
    for number in range(70):
        schema.other("INDEX", f"i{number}", on=schema.units[0])
    for word in WORDS:
        schema.table(word)
        schema.table(f"stock.{word}x")
    found = schema.tables()
    most = SHARE * len(schema.units)
    collected = {name: own for name, own in found.items() if name != "order_tables"}
    assert set(collected) == {"standalone_tables", "stock_tables"}
    assert {len(own) for own in collected.values()} == {10}
    assert all(len(own) <= most for own in collected.values())


def test_in_a_small_history_they_stand_alone() -> None:
    schema = Schema()
    for word in WORDS[:5]:
        schema.table(word)
    assert set(schema.tables()) == {f"{word}_table" for word in WORDS[:5]}


# -- what hangs on them -------------------------------------------------------------------


@pytest.fixture
def shop() -> Schema:
    """Two groups of tables that refer to each other once; `orders` come first."""
    schema = Schema()
    module(schema, "order", 9)
    module(schema, "invoice", 9)
    schema.table("invoice_orders", "orders", "invoices")
    assert set(schema.tables()) == {"order_tables", "invoice_tables"}
    return schema


def of(schema: Schema, name: str) -> str:
    """The file that holds an object."""
    (file,) = [file for file, own in schema.held().items() if name in own]
    return file


def by_name(schema: Schema, name: str) -> Unit:
    return next(u for u in schema.units if u.object.identity == f"public.{name}")


def test_what_belongs_to_a_table_stands_with_it(shop: Schema) -> None:
    orders = by_name(shop, "orders")
    for kind in ("INDEX", "TRIGGER", "POLICY", "ROW SECURITY", "RULE", "ROWS", "CONSTRAINT"):
        shop.other(kind, f"x {kind.lower()} on public.orders", on=orders)
    held = shop.held()["order_tables"]
    assert {name.rpartition(" on ")[0] for name in held if " on " in name} == {
        "x index", "x trigger", "x policy", "x row security", "x rule", "x rows", "x constraint"
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["TYPE", "DOMAIN", "SEQUENCE", "FUNCTION"])
def test_what_one_group_uses_alone_stands_with_it_and_what_both_use_before_them(
    shop: Schema, kind: str
) -> None:
    orders, invoices = by_name(shop, "orders"), by_name(shop, "invoices")
    shop.other(kind, "own", used_by=[orders, by_name(shop, "order_part1")])
    shop.other(kind, "both", used_by=[orders, invoices])
    assert of(shop, "own") == "order_tables"
    assert of(shop, "both") == "initial_schema"
    assert shop.files()[0].name == "initial_schema"


def test_extensions_schemas_and_roles_stand_before_everything(shop: Schema) -> None:
    orders = by_name(shop, "orders")
    for kind in ("EXTENSION", "SCHEMA", "ROLE"):
        shop.other(kind, f"my {kind.lower()}", used_by=[orders])
    first = shop.files()[0]
    assert (first.phase, first.name) == (0, "initial_schema")
    assert {name.kind for name in first.objects} == {"extension", "schema", "role"}


def test_a_view_stands_with_the_group_that_it_reads_or_behind_all(shop: Schema) -> None:
    orders, invoices = by_name(shop, "orders"), by_name(shop, "invoices")
    one = shop.other("VIEW", "one", orders, by_name(shop, "order_part2"))
    shop.other("VIEW", "on_the_one", one)
    both = shop.other("VIEW", "both", orders, invoices)
    shop.other("VIEW", "on_both", both)
    shop.other("INDEX", "of_both", both, on=None)
    assert [of(shop, name) for name in ("one", "on_the_one")] == ["order_tables"] * 2
    assert [of(shop, name) for name in ("both", "on_both")] == ["views"] * 2
    assert shop.files()[-1].phase == 2


def trigger(schema: Schema, table: str, function: str, *, names: tuple[str, ...] = ()) -> None:
    """A trigger on a table, with the function that it calls: made once, however often called."""
    on = by_name(schema, table)
    made = next((u for u in schema.units if u.object.identity == f"public.{function}"), None)
    if made is None:
        made = schema.other("FUNCTION", function, names=[by_name(schema, named) for named in names])
    schema.other("TRIGGER", f"calls {function} on public.{table}", made, on=on)


def test_a_trigger_s_function_stands_with_the_only_tables_that_call_it(shop: Schema) -> None:
    trigger(shop, "orders", "count_orders()")
    trigger(shop, "orders", "count_invoices()", names=("invoices",))
    assert of(shop, "count_orders()") == "order_tables"
    assert of(shop, "count_invoices()") == "order_tables"
    assert of(shop, "calls count_orders() on orders") == "order_tables"
    assert of(shop, "calls count_invoices() on orders") == "order_tables"


def test_a_function_that_all_call_comes_first_and_their_triggers_stay_with_them(
    shop: Schema,
) -> None:
    for table in ("orders", "order_part1", "invoices"):
        trigger(shop, table, "touch()")
    assert of(shop, "touch()") == "initial_schema"
    assert of(shop, "calls touch() on orders") == "order_tables"
    assert of(shop, "calls touch() on invoices") == "invoice_tables"


def test_a_function_that_nobody_calls_stands_with_the_tables_that_its_body_names(
    shop: Schema,
) -> None:
    def named(*tables: str) -> list[Unit]:
        return [by_name(shop, table) for table in tables]

    shop.other("FUNCTION", "one()", names=named("invoices", "invoice_part1"))
    shop.other("FUNCTION", "both()", names=named("orders", "invoices"))
    shop.other("FUNCTION", "none()")
    assert of(shop, "one()") == "invoice_tables"
    assert of(shop, "both()") == of(shop, "none()") == "functions"


def test_a_policy_that_needs_a_later_group_stands_behind_all(shop: Schema) -> None:
    orders, invoices = by_name(shop, "orders"), by_name(shop, "invoices")
    first, last = (one.name for one in shop.files())
    early, late = (orders, invoices) if first == "order_tables" else (invoices, orders)
    shop.other("POLICY", "backward", early, on=late)
    shop.other("POLICY", "forward", late, on=early)
    assert of(shop, "backward") == last
    assert of(shop, "forward") == "rls_policies"


def test_publications_and_event_triggers_stand_behind_all(shop: Schema) -> None:
    orders = by_name(shop, "orders")
    everything = shop.other("PUBLICATION", "everything")
    shop.other("PUBLICATION TABLE", "orders in everything", everything, on=orders)
    shop.other("EVENT TRIGGER", "guard of ddl")
    last = {one.name for one in shop.files() if one.phase == 2}
    assert last == {"publications", "event_triggers"}


# -- what several groups share ----------------------------------------------------------------


def test_no_file_that_is_shared_holds_too_much_of_everything() -> None:
    schema = Schema()
    for name in MODULES:
        module(schema, name, 11)
    users = [by_name(schema, f"{name}s") for name in MODULES]
    for word in WORDS:
        for n in range(4):
            schema.other("FUNCTION", f"{word}_{n}()", used_by=users)
            schema.other("VIEW", f"{word}_view{n}", *users)
        schema.other("TYPE", f"{word}_type", used_by=users)
        schema.other("TYPE", f"{word}_kind", used_by=users)
    files = schema.files()
    shared = [one for one in files if one.phase != 1]
    assert sum(len(one.objects) for one in shared) == 100
    assert max(len(one.objects) for one in shared) <= SHARE * len(schema.units)
    names = [one.name for one in files]
    assert len(set(names)) == len(names)
    assert {"apple_views", "apple_shared_functions"} <= {*names}


# -- order --------------------------------------------------------------------------------


def test_what_is_referred_to_comes_first_however_late_the_history_made_it() -> None:
    schema = Schema()
    module(schema, "order", 9, "user_part8")
    module(schema, "user", 9)
    assert list(schema.tables()) == ["user_tables", "order_tables"]


@settings(max_examples=30, deadline=None)
@given(
    st.permutations(range(5)),
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8),
)
def test_without_circles_no_key_points_at_a_later_file(
    order: list[int], references: set[tuple[int, int]]
) -> None:
    schema = Schema()
    for number in order:
        others = sorted(other for one, other in references if one == number and other < one)
        module(schema, MODULES[number], 9, *(f"{MODULES[other]}s" for other in others))
    home = {t: n for n, own in enumerate(schema.tables().values()) for t in own}
    keys = [
        (home[unit.object.identity.removeprefix("public.")], home[target])
        for unit in schema.units
        for target in schema.targets(unit)
    ]
    assert all(there <= here for here, there in keys)


# -- rows ---------------------------------------------------------------------------------


def test_rows_come_after_what_the_triggers_that_fire_on_them_name() -> None:
    """PostgreSQL looks it up when the trigger fires; the server knows of no dependency."""
    schema = Schema()
    first, log = schema.table("apples"), schema.table("zebras")
    function = schema.other("FUNCTION", "note()", names=[log])
    fires = schema.other("TRIGGER", "note on public.apples", function, on=first)
    filled = schema.other("ROWS", "apples 1", fires, on=first)
    quiet = schema.other("ROWS", "apples 2", on=first)
    needs = Relations(schema.truth(), schema.units).needs
    assert {log.object, function.object, fires.object} <= {*needs.predecessors(filled.object)}
    assert {*needs.predecessors(quiet.object)} == {first.object}


def test_tables_whose_rows_were_written_in_turn_stand_together() -> None:
    schema = Schema()
    kinds, sizes = schema.table("kinds"), schema.table("sizes")
    for name in ("kind", "size"):
        for number in range(12):
            schema.table(f"{name}_part{number}", f"{name}s")
    assert not any({"kinds", "sizes"} <= own for own in schema.tables().values())
    one = schema.other("ROWS", "kinds 1", on=kinds)
    two = schema.other("ROWS", "sizes 2", one, on=sizes)
    schema.other("ROWS", "kinds 3", two, on=kinds)
    assert any({"kinds", "sizes"} <= own for own in schema.tables().values())
