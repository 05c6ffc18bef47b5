"""How a column's cells get from one type to another, and whether they lose by it."""

from __future__ import annotations

import pytest

from consolidate.wording import former_types
from tests.render.conftest import Maker

ROOM = [
    ("integer", "bigint", True),
    ("bigint", "integer", False),
    ("integer", "real", False),
    ("integer", "numeric(12,2)", True),
    ("integer", "numeric(12,-2)", False),
    ("numeric(5,2)", "numeric", True),
    ("numeric", "numeric(5,2)", False),
    ("numeric(5,2)", "numeric(9,4)", True),
    ("numeric(5,2)", "numeric(5,3)", False),
    ("numeric(5)", "numeric(7,2)", True),
    ("character varying(5)", "character varying(9)", True),
    ("character varying(9)", "character varying(5)", False),
    ("text", "character varying", True),
    ("public.state", "text", True),
    ("text", "public.state", False),
    ("timestamp(3) with time zone", "timestamp with time zone", True),
    ("timestamp with time zone", "timestamp(3) with time zone", False),
    ("timestamp with time zone", "date", False),
    ("json", "jsonb", False),
    ("integer[]", "bigint[]", True),
    ("bigint[]", "integer[]", False),
    ("double precision", "numeric", False),
]


@pytest.mark.parametrize(("source", "target", "room"), ROOM)
def test_a_type_has_room_for_another_where_nothing_is_lost(
    source: str, target: str, *, room: bool
) -> None:
    assert former_types.has_room(source, target) is room


CASTS = frozenset({("numeric", "integer"), ("integer", "numeric")})

CAST = [
    ("numeric(5,2)", "integer", "n::integer"),
    ("numeric[]", "integer[]", "n::integer[]"),
    ("integer", "public.state", "n::text::public.state"),
    ("text", "public.state", "n::public.state"),
    ("public.state", "character varying(5)", "n::character varying(5)"),
    ("public.state", "integer", "n::text::integer"),
]


@pytest.mark.parametrize(("source", "target", "said"), CAST)
def test_cells_go_by_way_of_text_where_there_is_no_cast(
    source: str, target: str, said: str
) -> None:
    assert former_types.cast("n", source, target, CASTS) == said


CHANGES = [
    ("ALTER TABLE t ALTER n TYPE int", True),
    ("ALTER TABLE t ALTER n TYPE int USING n", True),
    ("ALTER TABLE t ALTER n TYPE int USING n::int", True),
    ("ALTER TABLE t ALTER n TYPE int USING t.n::integer", True),
    ("ALTER TABLE t ALTER n TYPE bigint USING n::smallint", False),
    ("ALTER TABLE t ALTER n TYPE int USING m::int", False),
    ("ALTER TABLE t ALTER n TYPE int USING 0", False),
    (
        "ALTER TABLE t ALTER n TYPE int USING n::int; ALTER TABLE t ALTER n TYPE text USING ''",
        False,
    ),
    ("ALTER TABLE t ALTER m TYPE int USING 0; ALTER TABLE t ALTER n TYPE int", True),
    ("DO $$ BEGIN ALTER TABLE t ALTER n TYPE bigint; END $$", False),
]


@pytest.mark.parametrize(("sql", "plain"), CHANGES)
def test_an_expression_is_told_from_a_cast(sql: str, *, plain: bool) -> None:
    statements = Maker().truth(texts={"1.sql": sql}).statements.values()
    assert former_types.is_cast(statements, "n") is plain
