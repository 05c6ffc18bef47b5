"""A rollback takes the rows that its guard looked at, not those that are only equal to them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from consolidate.empty_database import platform
from consolidate.servers import open_server
from tests.rollbacks.histories import Case, Database, Filled, built

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOOSE = {
    # a type, what the history writes, what is equal to it
    "numeric": ("numeric", "1.0", "1"),
    "float": ("double precision", "0", "-0"),
    "real": ("real", "0", "-0"),
    "range": ("numrange", "[1.0,2]", "[1,2]"),
    "multirange": ("nummultirange", "{[1.0,2]}", "{[1,2]}"),
    "json": ("jsonb", '{"a": 1.0}', '{"a": 1}'),
    "interval": ("interval", "1 mon", "30 days"),
    "blanks": ("bpchar", "x", "x "),
    "array": ("numeric[]", "{1.0}", "{1}"),
    "domain": ("amount", "1.0", "1"),
}
COLLATED = {
    "text": ("text COLLATE loose", "Hello", "HELLO"),
    "varchar": ("varchar(9) COLLATE loose", "Hello", "HELLO"),
    "padded": ("char(9) COLLATE loose", "Hello", "HELLO"),
    "texts": ("text[] COLLATE loose", "{Hello}", "{HELLO}"),
    "word": ("word", "Hello", "HELLO"),
    "citext": ("citext", "Hello", "HELLO"),
}
BEFORE = {
    "embedded://18": "CREATE DOMAIN amount AS numeric;",
    "embedded://16": "CREATE DOMAIN amount AS numeric;",
    "local://15": """
CREATE DOMAIN amount AS numeric;
CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE DOMAIN word AS text COLLATE loose;
CREATE EXTENSION citext;
""",
}
MARKS = {
    "embedded://18": [pytest.mark.pg],
    "embedded://16": [pytest.mark.pg],
    "local://15": [pytest.mark.pg, pytest.mark.local],
}


def _kinds(server: str) -> dict[str, tuple[str, str, str]]:
    return LOOSE | COLLATED if server == "local://15" else LOOSE


def _cases(server: str) -> Iterator[Case]:
    yield _case("nothing", BEFORE[server], "CREATE TABLE other ()")
    for kind, (type_, ours, _) in _kinds(server).items():
        insert = f"INSERT INTO {kind}_%s VALUES ('{ours}'%s);"
        table = f"CREATE TABLE {kind}_%s (v {type_}%s);"
        yield _case(f"{kind}_alone", table % ("alone", ""), insert % ("alone", ""))
        yield _case(f"{kind}_key", table % ("key", " PRIMARY KEY"), insert % ("key", ""))
        was = table % ("changed", ", w text") + insert % ("changed", ", 'was'")
        yield _case(f"{kind}_changed", was, f"UPDATE {kind}_changed SET w = 'is'")


def _case(name: str, before: str, history: str) -> Case:
    return Case(family="loose", name=name, before=before, history=history)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Filled]]:
    """The cases on a server, by its URL."""
    known: dict[str, Filled] = {}
    with contextlib.ExitStack() as stack:

        def filled(url: str) -> Filled:
            if url not in known:
                done = built([*_cases(url)], tmp_path_factory.mktemp("loose"), url)
                assert done.unsettled == ()
                there = platform(open_server(url), done.truth.prelude)
                cluster, connection = stack.enter_context(there)
                database = Database(done, connection)
                known[url] = Filled(database, cluster, tuple(database.up()))
            return known[url]

        yield filled


@pytest.mark.parametrize(
    ("server", "kind"),
    [pytest.param(url, kind, marks=MARKS[url]) for url in MARKS for kind in _kinds(url)],
)
@pytest.mark.parametrize("how", ["alone", "key", "changed"])
def test_a_value_that_is_equal_but_written_otherwise_is_somebody_elses(
    how: str, server: str, kind: str, servers: Callable[[str], Filled]
) -> None:
    there = servers(server)
    theirs = _kinds(server)[kind][2]
    table = f"{kind}_{how}"
    with there.down_to(table) as back:
        assert there.ask(
            f"SELECT v = '{theirs}' AND concat(v) COLLATE \"C\" <> '{theirs}' FROM {table}"
        ) == [(True,)]
        if how == "key":  # it has room for one of them
            there.say(f"DELETE FROM {table}")
        more = ", 'is'" if how == "changed" else ""
        there.say(f"INSERT INTO {table} VALUES ('{theirs}'{more})")
        wanted = there.ask(f"SELECT t::text FROM {table} AS t OFFSET {how != 'key':d}")
        there.say(back)
        if how == "changed":
            there.say(f"DELETE FROM {table} WHERE w = 'was'")
        assert there.ask(f"SELECT t::text FROM {table} AS t") == wanted
