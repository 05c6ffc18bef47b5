"""A history of several subjects, grouped without a mapping by what a server knows of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consolidate import findings, pipeline
from consolidate.groups.clusters import LARGEST
from tests.engines import consolidated

if TYPE_CHECKING:
    from consolidate.plan import Plan

HISTORY = (
    Path(__file__).parents[1] / "cases" / "connected_tables_and_what_hangs_on_them" / "history"
)
PARTS = ("lines", "notes", "files", "labels", "events", "rules", "totals", "drafts")

pytestmark = [pytest.mark.pg, pytest.mark.xdist_group("connected")]


@pytest.fixture(scope="module")
def plan() -> Plan:
    request = pipeline.Request(folder=HISTORY, servers=("embedded://18",))
    job = pipeline.prepare(request)
    return consolidated(job).plan


@pytest.fixture(scope="module")
def held(plan: Plan) -> dict[str, set[str]]:
    """What each file makes; `public` is left away."""
    return {
        file.slot.stem.split("_", 2)[2]: {
            str(member).replace("public.", "") for step in file.steps for member in step.members
        }
        for file in plan.files
    }


def test_every_subject_has_a_file_called_after_it(held: dict[str, set[str]]) -> None:
    for name in ("order", "invoice", "ticket"):
        own = {f"table {name}s", *(f"table {name}_{part}" for part in PARTS)}
        assert own <= held[f"{name}_tables"]
    people = {"users", "user_sessions", "user_logins", "organizations", "organization_members"}
    (home,) = [own for own in held.values() if "table users" in own]
    assert {f"table {name}" for name in people} <= home
    assert "table orders" not in home
    assert {"type plan_kind", "type member_role", "type email"} <= home


def test_no_file_is_too_large_to_review(plan: Plan) -> None:
    tables = [sum(step.unit.type == "TABLE" for step in file.steps) for file in plan.files]
    assert sum(tables) == 35
    assert max(tables) <= LARGEST


@pytest.mark.parametrize(
    ("file", "objects"),
    [
        (
            "order_tables",
            (
                "type order_state",
                "function count_lines(integer)",
                "view open_orders",
                "trigger touch on orders",
                "policy members on orders",
                "row security orders",
                "trigger log_order on orders",
                "function internal.log_order()",
            ),
        ),
        ("invoice_tables", ("trigger touch on invoices", "policy members on invoices")),
        ("initial_schema", ("schema internal", "type urgency", "function touch()")),
        ("views", ("view invoiced_orders", "view last_invoices")),
    ],
)
def test_what_hangs_on_a_group_stands_with_it_and_what_several_share_apart(
    held: dict[str, set[str]], file: str, objects: tuple[str, ...]
) -> None:
    assert set(objects) <= held[file]


def test_partitions_stand_together(held: dict[str, set[str]]) -> None:
    (home,) = [own for own in held.values() if "table changes" in own]
    assert "table changes_first" in home


def test_rows_stand_with_their_tables_where_what_their_triggers_write_allows_it(
    plan: Plan,
) -> None:
    """The trigger on `orders` writes to a table of the invoices, whose file may come later."""
    place = {
        str(member): number
        for number, step in enumerate(plan.steps)
        for member in (*step.members, step.unit.object)
    }
    (orders,) = [n for name, n in place.items() if name.startswith("rows public.orders")]
    assert place["table public.invoice_events"] < orders
    assert place["trigger log_order on public.orders"] < orders


def test_only_the_circle_costs_a_key(plan: Plan) -> None:
    split = [f.message for f in plan.findings if f.code == findings.KEY_SPLIT]
    assert len(split) == 1
    assert {f.code for f in plan.findings}.isdisjoint({findings.HOISTED, findings.MOVED})


def test_titles_say_what_the_files_hold(plan: Plan) -> None:
    titles = {file.slot.stem.split("_", 2)[2]: file.slot.title for file in plan.files}
    assert titles["ticket_tables"] == "Ticket: 9 tables, 1 trigger, 1 policy"
    assert titles["views"] == "Views: 2 views"
