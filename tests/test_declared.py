"""A difference is explained by what a rollback declares to leave, and by nothing near it."""

from __future__ import annotations

import pytest

from consolidate import declared
from consolidate.model import Difference, DifferenceKind, ObjectId

COLUMN = "table column public.desks.label: the column was dropped, and what was in it is gone"
ENUM = "type public.grade: PostgreSQL can not drop a value of an enum: 'c'"
VIEW = "view public.frame: a view that has more columns now can not be written over"
LOST = "table public.sheds: it was dropped, and comes back without rows that only your platform has"


def told(kind: str, identity: str, attribute: str = "") -> Difference:
    name = ObjectId(kind, identity)
    return Difference(
        kind=DifferenceKind.CHANGED, object=name, attribute=attribute, left="a", right="b"
    )


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (ENUM, told("type", "public.grade", "labels")),
        (COLUMN, told("table column", "public.desks.label")),
        (COLUMN, told("table column", "public.desks.height", "position")),
        (COLUMN, told("table", "public.desks", "columns")),
        (COLUMN, told("table", "public.desks", "row id=1 · label")),
        (VIEW, told("view column", "public.frame.more")),
    ],
)
def test_what_is_declared_explains_its_object(line: str, found: Difference) -> None:
    assert declared.explained(found, [line])


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (ENUM, told("type", "public.grades", "labels")),
        (ENUM, told("table", "public.grade", "labels")),
        (COLUMN, told("table column", "public.desks.height")),
        (COLUMN, told("table column", "public.desks.height", "type")),
        (COLUMN, told("table", "public.desks", "row id=1 · height")),
        (COLUMN, told("table", "public.desks2", "columns")),
        (VIEW, told("view", "public.frames", "definition")),
    ],
)
def test_it_explains_nothing_else(line: str, found: Difference) -> None:
    assert not declared.explained(found, [line])


def test_what_only_other_platforms_lose_leaves_nothing_here() -> None:
    text = f"DROP TABLE a;\n-- Irreversible: {LOST}\n-- Irreversible: {ENUM}\n"

    assert declared.of(text) == (LOST, ENUM)
    assert declared.left(text) == (ENUM,)


def test_a_line_is_read_as_it_was_written() -> None:
    (line,) = declared.lines(["role a: its\npassword"])

    assert declared.of(line) == ("role a: its\\npassword",)
