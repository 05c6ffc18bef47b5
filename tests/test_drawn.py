"""Which cells of the rows that a file inserts were drawn from a sequence."""

from __future__ import annotations

import pytest

from consolidate import drawn
from consolidate.catalog.rows import Column, Table
from consolidate.model import ObjectId


def column(name: str) -> Column:
    return Column(name=name, quoted=name, type="text", base="text", generated=False, identity=False)


PEOPLE = Table(
    object=ObjectId("table", "public.people"),
    root="public.people",
    columns=tuple(map(column, ("id", "name", "badge", "note"))),
    primary_key=("id",),
    unique_keys=(("name",), ("badge",)),
    foreign_keys=(),
)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["INSERT INTO people (name, badge) VALUES ('Ann', 1);"], {"id"}),
        (["INSERT INTO people (note) VALUES ('x');"], {"id", "name", "badge"}),
        (["INSERT INTO people VALUES (1, 'Ann', 1, 'x');"], set()),
        (["INSERT INTO people VALUES (DEFAULT, 'Ann'), (DEFAULT, 'Bob');"], {"id", "badge"}),
        (["INSERT INTO people VALUES (DEFAULT, 'Ann', 1), (7, 'Bob', 2);"], set()),
        (["INSERT INTO people DEFAULT VALUES;"], {"id", "name", "badge"}),
        (["INSERT INTO people (name, badge) SELECT 'Ann', 1;"], {"id"}),
        (
            [
                "INSERT INTO people (name, badge) VALUES ('Ann', 1);",
                "INSERT INTO people (id) VALUES (7);",
            ],
            set(),
        ),
        (["UPDATE people SET note = 'x';"], set()),
        ([], set()),
    ],
)
def test_a_key_was_drawn_where_no_insert_gives_it_a_value(
    texts: list[str], found: set[str]
) -> None:
    assert drawn.columns(PEOPLE, texts) == found
