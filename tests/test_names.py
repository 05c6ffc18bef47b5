from __future__ import annotations

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pglast import ast, parse_sql
from pglast.keywords import (
    COL_NAME_KEYWORDS,
    RESERVED_KEYWORDS,
    TYPE_FUNC_NAME_KEYWORDS,
    UNRESERVED_KEYWORDS,
)

from consolidate import names
from consolidate.servers.embedded import EmbeddedServer

KEYWORDS = COL_NAME_KEYWORDS | RESERVED_KEYWORDS | TYPE_FUNC_NAME_KEYWORDS | UNRESERVED_KEYWORDS
ODD_TEXTS = (
    *("a", "_", "_1", "1a", "a1", "A", "aB", "é", "aé", "a$b", "a b", "a.b", 'a"b', '"', '""', ""),
    *(
        "it's",
        "'",
        "''",
        "back\\slash",
        "\\",
        "\\'",
        "tab\there",
        "line\nfeed",
        "naïve",
        "日本",
        "🔑",
    ),
    *("x" * 63, "public", "user", "users", "order", "name", "type", "coalesce", "left", "select"),
)


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("rooms", "rooms"),
        ("Rooms", '"Rooms"'),
        ('a"b', '"a""b"'),
        ("order", '"order"'),
        ("coalesce", '"coalesce"'),
        ("left", '"left"'),
        ("name", "name"),
        ("1a", '"1a"'),
        ("a$b", '"a$b"'),
        ("", '""'),
    ],
)
def test_a_name_is_quoted_only_where_it_must_be(name: str, quoted: str) -> None:
    assert names.quote(name) == quoted


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("Rooms", "rooms"),
        ('"Rooms"', "Rooms"),
        ('"a""B"', 'a"B'),
        ("ÄPFEL", "Äpfel"),
        ("x" * 70, "x" * 63),
        ('"' + "é" * 40 + '"', "é" * 31),
    ],
)
def test_an_identifier_folds_as_postgresql_folds_it(token: str, name: str) -> None:
    assert names.fold(token) == name


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_a_quoted_name_parses_back_to_itself(name: str) -> None:
    drop = parse_sql(f"DROP TABLE {names.quote(name)}")[0].stmt
    assert isinstance(drop, ast.DropStmt)
    assert drop.objects
    table = drop.objects[0][0].sval
    assert table == names.fold(names.quote(name))
    assert name.startswith(table)


@pytest.mark.parametrize(
    ("identity", "parts"),
    [
        ("rooms", ("rooms",)),
        ("public.rooms", ("public", "rooms")),
        ('public."Odd.Name"', ("public", "Odd.Name")),
        ('"a""b".c."D e"', ('a"b', "c", "D e")),
        ("public.f(integer, public.t)", ("public", "f")),
        ('public."f(x)"(integer)', ("public", "f(x)")),
    ],
)
def test_a_dotted_name_comes_apart(identity: str, parts: tuple[str, ...]) -> None:
    assert names.split(identity) == parts


@pytest.mark.parametrize("text", ["", ".a", "a.", "a..b", "keys_pkey on public.keys", '"a', '""'])
def test_what_is_no_dotted_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a dotted name"):
        names.split(text)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1))
def test_quoted_parts_joined_by_dots_split_again(parts: list[str]) -> None:
    assert names.split(".".join(names.quote(p) for p in parts)) == tuple(parts)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_string_constant_parses_back_to_its_text(text: str) -> None:
    select = parse_sql(f"SELECT {names.literal(text)}")[0].stmt
    assert isinstance(select, ast.SelectStmt)
    assert select.targetList
    assert select.targetList[0].val.val.sval == text


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Keys & Orders!", "keys_orders"),
        ("  --Ärger__über  ", "arger_uber"),
        ("20250713_keys", "20250713_keys"),
        ("日本", "unnamed"),
    ],
)
def test_a_slug_is_safe_in_a_file_name(text: str, slug: str) -> None:
    assert names.slug(text) == slug


@pytest.mark.pg
@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("function public.f(pg_catalog.uuid,integer)", "function public.f(uuid,integer)"),
        ("public.f(integer,pg_catalog.text[])", "public.f(integer,text[])"),
        ("cast (pg_catalog.xid AS pg_catalog.text)", "cast (xid AS text)"),
        ("pg_catalog.now() of f(pg_catalog.uuid)", "pg_catalog.now() of f(uuid)"),
        ('public."a(pg_catalog.b"(pg_catalog.c)', 'public."a(pg_catalog.b"(c)'),
        ("public.f(app.uuid)", "public.f(app.uuid)"),
    ],
)
def test_the_types_of_a_signature_are_told_as_they_are_typed(said: str, typed: str) -> None:
    assert names.as_typed(said) == typed


def test_quoting_agrees_with_the_server() -> None:
    texts = [*ODD_TEXTS, *sorted(KEYWORDS)]
    with EmbeddedServer(18).cluster() as cluster, psycopg.connect(cluster.dsn()) as connection:
        rows = connection.execute(
            "SELECT quote_ident(t), quote_literal(t) "
            "FROM unnest(%s::text[]) WITH ORDINALITY u(t, n) ORDER BY n",
            [texts],
        ).fetchall()
    assert [names.quote(t) for t in texts] == [ident for ident, _ in rows]
    assert [names.literal(t) for t in texts] == [constant for _, constant in rows]
