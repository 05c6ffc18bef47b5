"""What statements really do is seen after each of them, however deep inside it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from consolidate import statements
from consolidate.model import Manner, Migration, ObjectId
from consolidate.trace import trace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psycopg import Connection

    from consolidate.deeds import Deed
    from consolidate.servers.interface import Cluster

HISTORY = (
    "CREATE TABLE t (id integer PRIMARY KEY)",
    "DO $$ BEGIN CREATE VIEW v AS SELECT id FROM t; DROP VIEW v; CREATE TYPE e AS ENUM (); END $$",
    "CREATE FUNCTION make() RETURNS void LANGUAGE sql AS 'CREATE TABLE made (a integer)'",
    "SELECT make()",
    "ALTER TABLE t ADD COLUMN n varchar(5), ADD CHECK (id > 0)",
    "ALTER TABLE t ALTER COLUMN id TYPE bigint",
    "ALTER TABLE t RENAME TO u",
    "ALTER TABLE u ADD COLUMN IF NOT EXISTS n text",
    "ALTER TYPE e ADD VALUE 'x'",
    "GRANT SELECT ON u TO PUBLIC",
    "COMMENT ON TABLE u IS 'x'",
    "REINDEX TABLE u",
    "TRUNCATE u",
    "DROP TABLE u",
    "INSERT INTO made VALUES (1)",
    "CREATE TEMP TABLE gone (a integer)",
    "CREATE EXTENSION vector",
    "BEGIN",
    "CREATE TABLE never (a integer)",
    "ROLLBACK",
)


def named(*names: str) -> frozenset[ObjectId]:
    """`kind/identity`, to be short."""
    return frozenset(ObjectId(*name.split("/")) for name in names)


@pytest.fixture(scope="module")
def cached() -> dict[str, Mapping[str, Deed]]:
    return {}


@pytest.fixture
def deeds(
    cached: dict[str, Mapping[str, Deed]],
    database: Callable[..., tuple[Cluster, str]],
    connect: Callable[[Cluster, str], Connection[Any]],
) -> Mapping[str, Deed]:
    """By the texts of the statements."""
    if not cached:
        text = "".join(f"{statement};\n" for statement in HISTORY)
        parsed = statements.parse(
            Migration(number=1, path="h.sql", version="", text=text, sha256="")
        )
        seen = trace(connect(*database(18)), [parsed], Manner(), closely=True)
        cached["deeds"] = {s.sql: seen.deeds[s.id] for s in parsed if s.id in seen.deeds}
    return cached["deeds"]


def did(deeds: Mapping[str, Deed], beginning: str) -> Deed:
    return next(deed for text, deed in deeds.items() if text.startswith(beginning))


def test_what_comes_along_is_created_too(deeds: Mapping[str, Deed]) -> None:
    assert did(deeds, "CREATE TABLE t").created == named(
        "table/public.t",
        "table column/public.t.id",
        "table constraint/t_pkey on public.t",
        "table constraint/t_id_not_null on public.t",
        "index/public.t_pkey",
    )


def test_a_block_and_a_function_do_what_is_done_inside_them(deeds: Mapping[str, Deed]) -> None:
    block = did(deeds, "DO ")
    assert (block.created, block.dropped) == (named("type/public.e"), frozenset())
    made = named("table/public.made", "table column/public.made.a")
    assert did(deeds, "SELECT make").created == made


def test_what_is_made_again_under_its_name_is_neither_created_nor_dropped(
    deeds: Mapping[str, Deed],
) -> None:
    changed = did(deeds, "ALTER TABLE t ALTER COLUMN id")
    assert changed.created == changed.dropped == frozenset()
    assert ObjectId("table constraint", "t_id_check on public.t") in changed.remade
    assert ObjectId("table column", "public.t.id") in changed.written


def test_a_rename_names_all_that_bears_the_name(deeds: Mapping[str, Deed]) -> None:
    renamed = did(deeds, "ALTER TABLE t RENAME")
    assert (ObjectId("table column", "public.t.n"), ObjectId("table column", "public.u.n")) in (
        renamed.renamed
    )
    assert len(renamed.renamed) == 6
    assert renamed.created == renamed.dropped == frozenset()


@pytest.mark.parametrize(
    ("beginning", "written"),
    [
        ("ALTER TABLE u ADD COLUMN IF NOT", frozenset()),
        ("ALTER TYPE e", named("type/public.e")),
        ("GRANT", named("table/public.u")),
    ],
)
def test_what_a_statement_writes_tells_a_change_from_a_command_that_does_nothing(
    beginning: str, written: frozenset[ObjectId], deeds: Mapping[str, Deed]
) -> None:
    assert did(deeds, beginning).written == written


def test_a_comment_is_no_command_that_alters_and_neither_is_storing_anew(
    deeds: Mapping[str, Deed],
) -> None:
    commented, stored = did(deeds, "COMMENT"), did(deeds, "REINDEX")
    assert (commented.described, commented.commanded) == (named("table/public.u"), frozenset())
    assert stored.commanded == frozenset()
    assert stored.watched


def test_what_an_extension_brings_and_does_is_its_own(deeds: Mapping[str, Deed]) -> None:
    brought = did(deeds, "CREATE EXTENSION")
    assert brought.created == brought.commanded == named("extension/vector")
    assert brought.described == brought.written == frozenset()


def test_everything_that_goes_with_a_table_is_dropped(deeds: Mapping[str, Deed]) -> None:
    assert len(did(deeds, "DROP TABLE u").dropped) == 7


def test_rows_temporary_objects_and_what_is_taken_back_are_no_deeds(
    deeds: Mapping[str, Deed],
) -> None:
    texts = "\n".join(deeds)
    assert "INSERT" not in texts
    assert "TRUNCATE" not in texts
    assert "never" not in texts
    assert did(deeds, "CREATE TEMP").created == frozenset()
