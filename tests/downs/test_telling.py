"""Differences in words: one line for each object, and what goes with a relation counted there."""

from __future__ import annotations

from consolidate.downs import telling
from consolidate.model import Difference, DifferenceKind, ObjectId


def changed(kind: str, identity: str, attribute: str, left: str, right: str | None) -> Difference:
    found = DifferenceKind.CHANGED if right is not None else DifferenceKind.MISSING
    return Difference(
        kind=found, object=ObjectId(kind, identity), attribute=attribute, left=left, right=right
    )


def whole(way: DifferenceKind, kind: str, identity: str) -> Difference:
    return Difference(
        kind=way, object=ObjectId(kind, identity), attribute="", left=None, right=None
    )


def test_what_belongs_to_a_table_that_is_missing_is_counted_there() -> None:
    gone = DifferenceKind.MISSING
    told = telling.lines(
        [
            whole(gone, "table", "public.a"),
            whole(gone, "table column", "public.a.id"),
            whole(gone, "default value", "for public.a.id"),
            whole(gone, "table constraint", "a_pkey on public.a"),
            whole(gone, "table column", "public.ab.id"),
            whole(DifferenceKind.EXTRA, "type", "public.mood"),
        ]
    )
    assert told == (
        "table public.a is missing, and 3 objects with it",
        "table column public.ab.id is missing",
        "type public.mood is left",
    )


def test_columns_in_another_order_are_one_line_for_each_table() -> None:
    told = telling.lines(
        [
            changed("table column", "public.a.x", "position", "1", "2"),
            changed("table column", "public.a.y", "position", "2", "1"),
            changed("table column", "public.b.z", "position", "1", "2"),
            changed("table column", "public.b.z", "type", "integer", "bigint"),
        ]
    )
    assert told == (
        "table public.a: order of columns",
        "table column public.b.z: position 1 → 2; type integer → bigint",
    )


def test_values_are_shown_as_far_as_they_fit_in_one_line() -> None:
    found = [
        changed("function", "public.f()", "source", "a\nb", "x" * 100),
        *(changed("function", "public.f()", f"more {n}", str(n), None) for n in range(3)),
    ]
    (told,) = telling.lines(found)
    assert told == (
        f"function public.f(): source a\\nb → {'x' * 59}…; more 0 0 → (nothing);"
        " more 1 1 → (nothing); and 1 more"
    )


def test_of_long_values_that_begin_alike_the_part_is_shown_that_differs() -> None:
    body = "BEGIN RETURN 'a value that nobody would print in full'; "
    (told,) = telling.lines(
        [changed("function", "public.f()", "body", f"{body}x IS NULL; END", f"{body}y; END")]
    )
    assert told == "function public.f(): body …t in full'; x IS NULL; END → …t in full'; y; END"
