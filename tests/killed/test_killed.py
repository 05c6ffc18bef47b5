"""A server that is killed in the middle of a file holds the state before or after it, no other."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate import drill, layout
from consolidate.applying import apply, text_of
from consolidate.catalog import facts, rows
from consolidate.model import ObjectId
from consolidate.servers import open_server
from consolidate.standing import Height, Held
from consolidate.trouble import ServerTrouble
from tests.killed.killing import Killable, killable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from consolidate.servers.offer import Offer
    from consolidate.standing import Standing

pytestmark = pytest.mark.pg

ROOMS, KEYS, SEED = "migrations/1/1_rooms.sql", "migrations/1/2_keys.sql", "seed/1_rooms.sql"
TREE = {
    ROOMS: "CREATE TABLE rooms (id serial PRIMARY KEY, name text, at timestamptz DEFAULT now());\n"
    "INSERT INTO rooms (name) VALUES ('Hall');\n",
    KEYS: "CREATE TABLE keys (id integer PRIMARY KEY, room integer REFERENCES rooms);\n"
    "INSERT INTO rooms (name) VALUES ('Vault');\n"
    "CREATE TABLE notes (id integer);\n"
    "COMMENT ON TABLE keys IS 'of rooms';\n",
    SEED: "INSERT INTO keys VALUES (1, 1);\nINSERT INTO keys VALUES (2, 2);\n",
    layout.rollback_of(ROOMS): "DROP TABLE rooms;\n",
    layout.rollback_of(KEYS): "DELETE FROM rooms WHERE name = 'Vault';\nDROP TABLE notes;\n"
    "DROP TABLE keys;\n",
    layout.rollback_of(SEED): "DELETE FROM keys WHERE id = 1;\nDELETE FROM keys WHERE id = 2;\n",
    layout.EMERGENCY: "DROP TABLE notes;\nDROP TABLE keys;\nDROP TABLE rooms;\n",
}
FILES = layout.in_order(TREE)


@pytest.fixture(scope="module")
def server() -> Iterator[Killable]:
    with killable() as found:
        yield found


@pytest.fixture(scope="module")
def height() -> Height:
    return Height("", TREE, open_server("embedded://18"))


@contextmanager
def built(server: Killable, number: int) -> Iterator[psycopg.Connection]:
    """The database after that many files, and a session to hold locks in."""
    with server.connect() as connection:
        connection.execute("DROP TABLE IF EXISTS rooms, keys, notes CASCADE")
        for path in FILES[:number]:
            apply(connection, path, TREE[path])
    connection = server.connect()
    try:
        yield connection
    finally:
        connection.close()


def stands(server: Killable, height: Height) -> Standing:
    with server.connect() as connection:
        return height.of(facts.read(connection), rows.read(connection))


def killed_in(server: Killable, number: int, path: str, lock: str) -> None:
    """Applies a file to that state; kills the server while it waits in its middle."""
    with built(server, number) as connection:
        connection.execute("BEGIN")
        connection.execute(lock.encode())
        applying = server.psql(text_of(TREE, path))
        server.wait_until_blocked(connection)
        server.kill()
        _, said = applying.communicate()
    assert "server closed the connection unexpectedly" in said
    server.restart()


@pytest.mark.parametrize(
    ("number", "path", "lock"),
    [
        (1, KEYS, "CREATE TABLE notes ()"),
        (2, SEED, "INSERT INTO keys VALUES (2, NULL)"),
        (2, layout.rollback_of(KEYS), "SELECT FROM keys"),
        (3, layout.rollback_of(SEED), "SELECT FROM keys WHERE id = 2 FOR UPDATE"),
        (3, layout.EMERGENCY, "SELECT FROM rooms"),
    ],
    ids=["apply", "seed", "rollback", "rollback of a seed", "emergency rollback"],
)
def test_killed_in_its_middle_a_file_has_done_nothing(
    number: int, path: str, lock: str, server: Killable, height: Height
) -> None:
    killed_in(server, number, path, lock)
    standing = stands(server, height)
    assert (standing.after, standing.held) == ((number,), Held.SAME)


@pytest.mark.parametrize(
    ("number", "path", "after"),
    [(1, KEYS, 2), (3, layout.rollback_of(SEED), 2), (3, layout.EMERGENCY, 0)],
    ids=["apply", "rollback", "emergency rollback"],
)
def test_killed_when_it_is_done_a_file_has_done_all(
    number: int, path: str, after: int, server: Killable, height: Height
) -> None:
    with built(server, number):
        applying = server.psql(text_of(TREE, path))
        assert applying.communicate()[1] == ""
        server.kill()
    server.restart()
    standing = stands(server, height)
    assert (standing.after, standing.held) == ((after,), Held.SAME)


class Ours:
    """A server whose only cluster is one that is killed."""

    url, major, side_by_side, guest, allow_cluster_changes = "ours", 18, False, False, True

    def __init__(self, server: Killable) -> None:
        self._server = server

    def offer(self) -> Offer:
        raise NotImplementedError

    @contextmanager
    def cluster(self) -> Iterator[object]:
        yield self._server.cluster


def test_a_drill_whose_server_is_killed_says_so_and_leaves_nothing_half_done(
    server: Killable, height: Height
) -> None:
    told: list[BaseException] = []

    def go() -> None:
        try:
            drill.drill("", TREE, Ours(server))  # type: ignore[arg-type]  # its cluster is bare
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is looked at
            told.append(error)

    with built(server, 0) as connection:
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE notes ()")
        drilling = threading.Thread(target=go)
        drilling.start()
        server.wait_until_blocked(connection)
        server.kill()
        drilling.join()
    assert [type(error) for error in told] == [ServerTrouble]
    server.restart()
    assert stands(server, height).after == (1,)


def test_what_stands_in_between_is_said_to_stand_nowhere(server: Killable, height: Height) -> None:
    with built(server, 1) as connection:
        connection.execute("CREATE TABLE notes (id integer)")
    standing = stands(server, height)
    assert (standing.after, standing.nearest) == ((), 1)
    assert (ObjectId("table", "public.notes"), "") in {(name, "") for name, _ in standing.differs}


def test_rows_and_objects_of_others_do_not_hide_where_it_stands(
    server: Killable, height: Height
) -> None:
    with built(server, 1) as connection:
        connection.execute("CREATE TABLE theirs (id integer)")
        connection.execute("INSERT INTO rooms (name) VALUES ('Attic')")
    standing = stands(server, height)
    with server.connect() as connection:
        connection.execute("DROP TABLE theirs")
    assert (standing.after, standing.held) == ((1,), Held.MORE)


def test_by_its_rows_it_stands_after_the_last_file_whose_rows_are_there(
    server: Killable, height: Height
) -> None:
    seeded = len(FILES)
    with built(server, seeded) as connection:
        connection.execute("ALTER TABLE keys ADD COLUMN mine text")
        connection.execute("INSERT INTO keys (id) SELECT max(id) + 1 FROM keys")
    assert (stands(server, height).after, stands(server, height).held) == ((seeded,), Held.MORE)
    with server.connect() as connection:
        connection.execute("DELETE FROM keys WHERE id = 1")
    assert stands(server, height).after == (seeded - 1,)


def test_rows_that_a_role_may_not_read_are_not_said_to_be_others(
    server: Killable, height: Height
) -> None:
    with built(server, 1), server.connect() as connection:
        held = rows.read(connection)
        unread = frozenset(entry.table.object for entry in held.tables)
        standing = height.of(facts.read(connection), replace(held, tables=()), unread)
    assert (standing.after, standing.held) == ((1,), Held.UNREAD)
