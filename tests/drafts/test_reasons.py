"""Why things stand in one file: facts of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.drafts.reasons import Reasons
from consolidate.plan import Folder, Slot
from consolidate.relations import Relations
from tests.arrange.schema import Schema

if TYPE_CHECKING:
    from consolidate.model import ObjectId


def reasons(schema: Schema) -> dict[str, str]:
    """The reason of each proposed file, by its name."""
    truth = schema.truth()
    units = {unit.object: unit for unit in schema.units}
    held: dict[Slot, list[ObjectId]] = {
        Slot(Folder.MIGRATIONS, f"0{one.phase}", f"20250101_{number:06}_{one.name}"): list(
            one.objects
        )
        for number, one in enumerate(schema.files())
    }
    told = Reasons(truth, units, Relations(truth, schema.units), held)
    return {slot.stem.split("_", 2)[2]: told.of(slot) for slot in held}


def test_foreign_keys_columns_names_and_files_are_counted() -> None:
    schema = Schema()
    schema.table("orders", file="20250103_orders.sql")
    schema.table("order_items", "orders", file="20250305_items.sql")
    schema.table("order_notes", "orders", file="20250305_items.sql")
    schema.table("order_logs", columns=["order_note_id"], file="20250305_items.sql")
    assert reasons(schema) == {
        "order_tables": "4 tables: 2 foreign keys, all to public.orders; 1 column named after "
        "another; names that begin with order; made in 2 files, 2025-01 to 2025-03"
    }


def test_where_no_date_is_known_none_is_told() -> None:
    schema = Schema()
    schema.table("cars", file="1_a.sql")
    schema.table("car_doors", "cars", file="20250101_b.sql")
    told = "2 tables: 1 foreign key; names that begin with car; made in 2 files"
    assert reasons(schema) == {"car_tables": told}


def test_what_is_shared_is_told_with_those_who_use_it_and_what_it_is_about() -> None:
    schema = Schema()
    for name in ("cars", "pets"):
        for number in range(10):
            schema.table(f"{name}_{number}", *([f"{name}_0"] if number else []))
    tables = tuple(schema.units)
    schema.other("TYPE", "mood", used_by=tables)
    schema.other("VIEW", "both", *tables)
    found = reasons(schema)
    assert found["initial_schema"] == "1 type: used in cars_tables, pets_tables"
    assert found["views"] == "1 view: about cars_tables, pets_tables"


def test_what_nothing_ties_or_needs_is_told_to_be_so() -> None:
    schema = Schema()
    for number in range(30):
        table = schema.table(f"order_{number}", *(["order_0"] if number else []))
        schema.other("INDEX", f"i{number}", on=table)
    for word in ("ants", "owls"):
        schema.table(word, file=f"20250101_{word}.sql")
    schema.other("EXTENSION", "ltree")
    found = reasons(schema)
    assert found["initial_schema"] == "1 extension: needed by nothing else here"
    assert found["standalone_tables"] == (
        "2 tables: nothing ties them to each other; made in 2 files, 2025-01"
    )
