from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from consolidate import effects, graph
from consolidate.effects import Scope
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from psycopg import Connection

    from consolidate.effects import Effect
    from consolidate.model import Statement
    from consolidate.servers.interface import Cluster

    Connect = Callable[[Cluster, str], Connection[Any]]
    Database = Callable[..., tuple[Cluster, str]]
    Parse = Callable[..., tuple[Statement, ...]]

HERE = Path(__file__).parent
IDENTITIES = (HERE / "identities.sql").read_text()
ONLY_ON_18 = "create table n1 (a int not null, constraint foo not null a);"

RARER = (HERE / "rarer.sql").read_text()
CATALOG = (HERE / "catalog.sql").read_bytes()


def _catalog(connection: Connection[Any]) -> set[ObjectId]:
    return {ObjectId(kind, name) for kind, name in connection.execute(CATALOG)}


def _expected(before: set[ObjectId], effect: Effect) -> set[ObjectId]:
    gone = {*effect.drops, *(old for old, _ in effect.renames)}
    return (before - gone) | {*effect.creates, *(new for _, new in effect.renames)}


def _mistakes(
    connection: Connection[Any], statements: Iterable[Statement], found: Iterable[Effect]
) -> list[str]:
    """Every object that a statement made or removed on the server and not in its effect."""
    before = _catalog(connection)
    mistakes: list[str] = []
    for statement, effect in zip(statements, found, strict=True):
        connection.execute(statement.sql.encode())
        after = _catalog(connection)
        expected = _expected(before, effect)
        mistakes += [f"{statement.sql}: server only {x}" for x in sorted(after - expected)]
        mistakes += [f"{statement.sql}: effect only {x}" for x in sorted(expected - after)]
        before = after
    return mistakes


@pytest.mark.pg
@pytest.mark.parametrize("major", [18, 16])
def test_every_statement_makes_and_removes_what_the_server_makes_and_removes(
    major: int, database: Database, connect: Connect, parse: Parse
) -> None:
    statements = parse(IDENTITIES + (ONLY_ON_18 if major == 18 else ""))
    assert len(statements) > 150
    connection = connect(*database(major))

    found = effects.run(statements, scope=Scope(major=major))

    assert _mistakes(connection, statements, found) == []
    assert not [effect.opaque for effect in found if effect.opaque]


@pytest.mark.pg
def test_rarer_kinds_of_objects_too_are_made_and_removed_as_the_server_does_it(
    database: Database, connect: Connect, parse: Parse
) -> None:
    statements = parse(RARER)
    connection = connect(*database(18))

    found = effects.run(statements)

    assert _mistakes(connection, statements, found) == []
    assert not [effect.opaque for effect in found if effect.opaque]


@pytest.mark.pg
def test_the_comparison_notices_a_wrong_name(
    database: Database, connect: Connect, parse: Parse
) -> None:
    statements = parse("create table t (a int not null)")
    connection = connect(*database(18))

    found = effects.run(statements, scope=Scope(major=16))

    assert _mistakes(connection, statements, found) == [
        "create table t (a int not null): server only table constraint t_a_not_null on public.t"
    ]


@pytest.mark.pg
@pytest.mark.parametrize("major", [18, 16])
def test_procrastinates_history_ends_with_the_servers_objects(
    major: int, database: Database, connect: Connect, parse: Parse, procrastinate: tuple[str, ...]
) -> None:
    statements = parse(*procrastinate)
    connection = connect(*database(major))
    built_in = _catalog(connection)

    found = effects.run(statements, scope=Scope(major=major))

    assert _mistakes(connection, statements, found) == []
    assert set(graph.build(found).surviving()) == _catalog(connection) - built_in


def test_a_history_read_twice_gives_equal_effects(parse: Parse) -> None:
    statements = parse(IDENTITIES)
    assert effects.run(statements) == effects.run(statements)
