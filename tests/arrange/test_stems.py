"""The words of names, and what a file is called after them."""

from __future__ import annotations

import pytest

from consolidate.groups import stems
from consolidate.groups.titles import titled
from consolidate.model import ObjectId
from consolidate.plan import Folder, Slot
from tests.render.conftest import Maker


def ids(*names: str) -> list[ObjectId]:
    return [ObjectId("table", name if "." in name else f"public.{name}") for name in names]


def called(*groups: list[ObjectId], referred: dict[ObjectId, int] | None = None) -> list[str]:
    return stems.file_names(groups, [""] * len(groups), referred or {})


@pytest.mark.parametrize(
    ("identity", "words"),
    [
        ("public.order_items", ("order", "items")),
        ('public."OrderItem"', ("order", "item")),
        ('public."oauthAccessToken"', ("oauth", "access", "token")),
        ('public."HTTPRequest"', ("http", "request")),
        ("app.f(integer, text)", ("f",)),
        ("public.v2_jobs", ("v2", "jobs")),
    ],
)
def test_words_are_cut_at_underscores_and_capitals(identity: str, words: tuple[str, ...]) -> None:
    assert stems.words(identity) == words


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("orders", "order"),
        ("categories", "category"),
        ("boxes", "box"),
        ("branches", "branch"),
        ("status", "status"),
        ("address", "address"),
        ("addresses", "address"),
        ("analysis", "analysis"),
        ("as", "as"),
    ],
)
def test_plurals_are_compared_in_the_singular(word: str, one: str) -> None:
    assert stems.singular(word) == one


def test_a_stem_is_what_most_names_share_as_most_of_them_spell_it() -> None:
    assert stems.stem(ids("orders", "order_items", "order_notes")) == ("order",)
    assert stems.stem(ids("order_items", "order_item_a", "order_item_b")) == ("order", "item")
    assert stems.stem(ids("order_a", "order_b", "coupons")) == ("order",)
    assert stems.stem(ids("cars", "pets", "bikes")) == ()
    assert stems.stem(ids("cars")) == ()


def test_a_file_is_called_after_the_stem_else_after_the_main_table() -> None:
    cars = ids("pets", "cars", "bikes")
    assert called(ids("order_a", "order_b"), cars, ids("jobs"), referred={cars[1]: 2}) == [
        "order_tables",
        "cars_tables",
        "jobs_table",
    ]


def test_the_stem_of_most_does_not_outshine_the_table_that_they_refer_to() -> None:
    users = ids("users", "accounts", "oauth_client", "oauth_token")
    assert called(users, referred={users[0]: 3}) == ["users_tables"]
    assert called(users, referred={users[2]: 3}) == ["oauth_tables"]
    assert called(users[1:] + ids("oauth_scope"), referred={users[1]: 3}) == ["oauth_tables"]


def test_two_groups_of_one_stem_are_called_after_their_main_tables() -> None:
    one, other = ids("bill_a", "bill_b"), ids("bill_c", "bill_d")
    assert called(one, other, referred={other[1]: 1}) == ["bill_a_tables", "bill_d_tables"]
    assert called(ids("x"), ids("y"), ids("x_1")) == ["x_table", "y_table", "x_1_table"]


def test_a_schema_stands_in_front_where_there_are_several() -> None:
    assert called(ids("app.jobs", "app.job_runs"), ids("public.cars")) == [
        "app_job_tables",
        "cars_table",
    ]
    assert called(ids("app.app_jobs"), ids("cars")) == ["app_jobs_table", "cars_table"]
    assert called(ids("app.jobs")) == ["jobs_table"]


def test_same_names_get_numbers() -> None:
    taken = {"views"}
    assert [stems.unused("views", taken) for _ in range(2)] == ["views_2", "views_3"]
    assert called(ids("public.jobs"), ids('public."Jobs"')) == ["jobs_table", "jobs_table_2"]


def test_a_title_counts_what_the_file_holds() -> None:
    slot = Slot(Folder.MIGRATIONS, "01_b", "20250101_000001_order_tables")
    steps = [
        *(Maker.step(f"public.{name}", "") for name in ("orders", "order_items")),
        Maker.step("public.mood", "", kind="type", type_="TYPE"),
        Maker.step("p on public.orders", "", kind="policy", type_="POLICY"),
        Maker.step("q on public.orders", "", kind="policy", type_="POLICY"),
        Maker.step("public.orders", "", kind="rows", type_="ROWS"),
    ]
    assert titled(slot, steps).title == "Order: 2 tables, 1 type, 2 policies"
    assert titled(slot, steps).path == slot.path
    assert titled(slot, steps[-1:]).title == "Order"
