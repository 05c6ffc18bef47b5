"""The server's wording of a table, from entries made by hand as `pg_dump` spells them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pglast
import pytest

from consolidate.model import ObjectId, StatementId
from consolidate.wording import tables
from consolidate.wording.entries import Piece
from consolidate.wording.text import without
from consolidate.wording.units import Choices
from tests.render.conftest import Maker

if TYPE_CHECKING:
    from consolidate.wording.tables import TableWords

SEQUENCE = (
    "CREATE SEQUENCE public.t_id_seq\n{type}    START WITH 1\n    INCREMENT BY 1\n"
    "    NO MINVALUE\n    NO MAXVALUE\n    CACHE 1;"
)
PLAIN = "START WITH 1\n    INCREMENT BY 1\n    NO MINVALUE\n    NO MAXVALUE\n    CACHE 1\n"


def piece(kind: str, identity: str, type_: str, *statements: str) -> Piece:
    return Piece(
        object=ObjectId(kind, identity),
        type=type_,
        schema="public",
        name="",
        statements=statements,
        comments=(),
        needs=frozenset(),
    )


def table(*columns: str, tail: str = ")") -> Piece:
    body = ",\n".join(f"    {column}" for column in columns)
    return piece("table", "public.t", "TABLE", f"CREATE TABLE public.t (\n{body}\n{tail};")


def constraint(name: str, rule: str) -> Piece:
    sql = f"ALTER TABLE ONLY public.t\n    ADD CONSTRAINT {name} {rule};"
    return piece("table constraint", f"{name} on public.t", "CONSTRAINT", sql)


def key(name: str, column: str) -> Piece:
    return replace(
        constraint(name, f"FOREIGN KEY ({column}) REFERENCES public.p(id)"), type="FK CONSTRAINT"
    )


def serial(type_: str = "integer", start: int = 1) -> list[Piece]:
    """A sequence with its default and owner, as a serial column leaves them."""
    line = "" if type_ == "bigint" else f"    AS {type_}\n"
    sequence = SEQUENCE.format(type=line).replace("START WITH 1", f"START WITH {start}")
    name = "public.t_id_seq"
    value = f"ALTER TABLE ONLY public.t ALTER COLUMN id SET DEFAULT nextval('{name}'::regclass);"
    owned = f"ALTER SEQUENCE {name} OWNED BY public.t.id;"
    return [
        piece("sequence", name, "SEQUENCE", sequence),
        piece("default value", "for public.t.id", "DEFAULT", value),
        piece("sequence owned by", name, "SEQUENCE OWNED BY", owned),
    ]


def identity(name: str, options: str = PLAIN, kind: str = "BY DEFAULT") -> Piece:
    sql = (
        f"ALTER TABLE public.t ALTER COLUMN id ADD GENERATED {kind} AS IDENTITY (\n"
        f"    SEQUENCE NAME {name}\n    {options});"
    )
    return piece("sequence", name, "SEQUENCE", sql)


def word(own: Piece, *belongings: Piece) -> TableWords:
    words = tables.word(Maker().truth(), own, belongings, Choices())
    assert pglast.parse_sql(words.sql)
    assert {own.object, *(belonging.object for belonging in belongings)} == words.members
    return words


def lines(words: TableWords) -> list[str]:
    return [line.strip() for line in words.sql.splitlines()]


def test_a_table_alone_is_left_as_it_is() -> None:
    own = table("id integer NOT NULL", "note text DEFAULT 'a, (b'::text")
    assert word(own).sql == own.sql


def test_a_table_without_columns_stays_one() -> None:
    assert word(table()).sql.split() == ["CREATE", "TABLE", "public.t", "(", ");"]


@pytest.mark.parametrize(
    ("type_", "expected"),
    [("smallint", "smallserial"), ("integer", "serial"), ("bigint", "bigserial")],
)
@pytest.mark.parametrize("turn", [1, -1])
def test_a_serial_is_a_serial_again(type_: str, expected: str, turn: int) -> None:
    words = word(table(f"id {type_} NOT NULL", "b text"), *serial(type_)[::turn])
    assert lines(words) == [
        "CREATE TABLE public.t (",
        f"id {expected} NOT NULL,",
        "b text",
        ");",
    ]


@pytest.mark.parametrize(
    ("column", "belongings"),
    [
        ("id integer NOT NULL", serial("integer", start=5)),
        ("id integer NOT NULL", serial("bigint")),
        ("id bigint NOT NULL", serial("integer")),
        ("id numeric NOT NULL", serial("bigint")),
        ("id integer NOT NULL", serial()[:2]),  # owned by nobody
    ],
)
def test_a_sequence_that_no_serial_would_make_is_made_first(
    column: str, belongings: list[Piece]
) -> None:
    words = word(table(column), *belongings)
    told = lines(words)
    assert told[0].startswith("CREATE SEQUENCE public.t_id_seq")
    assert f"{column} DEFAULT nextval('public.t_id_seq'::regclass)" in told
    owned = "ALTER SEQUENCE public.t_id_seq OWNED BY public.t.id;"
    assert (told[-1] == owned) == (len(belongings) == len(serial()))


def test_a_sequence_of_another_name_is_no_serial() -> None:
    sequence, value, owned = (
        replace(
            one,
            object=ObjectId(one.object.kind, one.object.identity.replace("t_id_seq", "numbers")),
            statements=(one.sql.replace("t_id_seq", "numbers"),),
        )
        for one in serial()
    )
    told = lines(word(table("id integer NOT NULL"), sequence, value, owned))
    assert told[0] == "CREATE SEQUENCE public.numbers AS integer;"
    assert "id integer NOT NULL DEFAULT nextval('public.numbers'::regclass)" in told


@pytest.mark.parametrize("kind", ["ALWAYS", "BY DEFAULT"])
def test_an_identity_stands_in_its_column(kind: str) -> None:
    words = word(table("id integer NOT NULL", "b text"), identity("public.t_id_seq", kind=kind))
    assert lines(words)[1] == f"id integer NOT NULL GENERATED {kind} AS IDENTITY,"
    assert "SEQUENCE" not in words.sql


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("public.t_id_seq", PLAIN.replace("CACHE 1", "CACHE 5")),
        ("public.numbers", PLAIN),
        ('public."my numbers"', PLAIN),
    ],
)
def test_an_identity_with_options_of_its_own_keeps_them(name: str, options: str) -> None:
    words = word(table("id integer NOT NULL"), identity(name, options))
    inner = " ".join(f"SEQUENCE NAME {name} {options}".split())
    assert lines(words)[1] == f"id integer NOT NULL GENERATED BY DEFAULT AS IDENTITY ({inner})"


def test_defaults_and_constraints_go_inside() -> None:
    value = "ALTER TABLE ONLY public.t ALTER COLUMN a SET DEFAULT (1 + 2);"
    words = word(
        table("a integer NOT NULL", '"B c" text', "CONSTRAINT d CHECK ((a > 0))"),
        piece("default value", "for public.t.a", "DEFAULT", value),
        constraint("t_pkey", "PRIMARY KEY (a)"),
        constraint("u", 'UNIQUE ("B c")'),
    )
    assert lines(words) == [
        "CREATE TABLE public.t (",
        "a integer NOT NULL DEFAULT (1 + 2),",
        '"B c" text,',
        "CONSTRAINT d CHECK ((a > 0)),",
        "CONSTRAINT t_pkey PRIMARY KEY (a),",
        'CONSTRAINT u UNIQUE ("B c")',
        ");",
    ]


def test_the_default_of_an_inherited_column_comes_after_the_table() -> None:
    value = "ALTER TABLE ONLY public.t ALTER COLUMN above SET DEFAULT 1;"
    words = word(
        table("a integer", tail=")\nINHERITS (public.p)"),
        piece("default value", "for public.t.above", "DEFAULT", value),
    )
    assert lines(words) == [
        "CREATE TABLE public.t (",
        "a integer",
        ")",
        "INHERITS (public.p);",
        value,
    ]


def test_what_a_constraint_says_besides_comes_after_the_table() -> None:
    clustered = "ALTER TABLE public.t CLUSTER ON t_pkey;"
    primary = constraint("t_pkey", "PRIMARY KEY (a)")
    words = word(table("a integer"), replace(primary, statements=(primary.sql, clustered)))
    assert lines(words)[-1] == clustered
    assert "CONSTRAINT t_pkey PRIMARY KEY (a)" in lines(words)


def test_every_foreign_key_inside_can_be_taken_out_again() -> None:
    first, second = key("k", "a"), key("l", "b")
    words = word(table("a integer", "b integer"), first, second)
    assert lines(words)[-3:-1] == [
        "CONSTRAINT k FOREIGN KEY (a) REFERENCES public.p(id),",
        "CONSTRAINT l FOREIGN KEY (b) REFERENCES public.p(id)",
    ]
    assert [(k.object, k.alone) for k in words.keys] == [
        (first.object, first.sql),
        (second.object, second.sql),
    ]
    bare = word(table("a integer", "b integer")).sql
    assert without(words.sql, [k.span for k in words.keys]).split() == bare.split()
    for kept, gone in zip(("k", "l"), words.keys[::-1], strict=True):
        left = without(words.sql, [gone.span])
        pglast.parse_sql(left)
        assert f"CONSTRAINT {kept} " in left
        assert left.count("CONSTRAINT") == 1


def test_keys_on_inherited_columns_can_be_taken_out_one_by_one() -> None:
    words = word(table(tail=")\nINHERITS (public.p)"), key("k", "a"), key("l", "b"))
    for gone in words.keys:
        pglast.parse_sql(without(words.sql, [gone.span]))


def test_a_key_that_was_never_checked_stays_outside() -> None:
    late = key("k", "a")
    late = replace(late, statements=(late.sql.replace(";", " NOT VALID;"),))
    words = word(table("a integer"), late)
    assert words.keys == ()
    assert words.sql.endswith(late.sql)


def test_a_table_of_a_type_keeps_its_options() -> None:
    sql = "CREATE TABLE public.t OF public.u\nWITH (fillfactor='70');"
    assert word(piece("table", "public.t", "TABLE", sql)).sql.split() == sql.split()


def test_a_foreign_table_is_put_together_too() -> None:
    sql = "CREATE FOREIGN TABLE public.t (\n    a integer\n)\nSERVER s\nOPTIONS (\n    x 'y'\n);"
    value = "ALTER FOREIGN TABLE ONLY public.t ALTER COLUMN a SET DEFAULT 3;"
    words = word(
        piece("foreign table", "public.t", "FOREIGN TABLE", sql),
        piece("default value", "for public.t.a", "DEFAULT", value),
    )
    assert lines(words)[1] == "a integer DEFAULT 3"


def authored(choices: Choices) -> str:
    """A table whose author wrote its check and its default otherwise than the server prints."""
    check = ObjectId("table constraint", "c on public.t")
    value = ObjectId("default value", "for public.t.a")
    seen = replace(
        Maker.trace(),
        created={check: StatementId("0001#1"), value: StatementId("0001#1")},
    )
    sql = "CREATE TABLE t (a int DEFAULT 2+1 NOT NULL, CONSTRAINT c CHECK (a IN (1,2)))"
    truth = Maker().truth({"1.sql": sql}, trace=seen)
    own = table(
        "a integer DEFAULT (2 + 1) NOT NULL", "CONSTRAINT c CHECK ((a = ANY (ARRAY[1, 2])))"
    )
    return tables.word(truth, own, (), choices).sql


def test_expressions_are_in_their_authors_words() -> None:
    told = authored(Choices())
    assert "a integer DEFAULT 2+1 NOT NULL," in told
    assert "CONSTRAINT c CHECK (a IN (1,2))" in told


def test_an_expression_that_was_sent_down_is_in_the_servers_words() -> None:
    column = ObjectId("table column", "public.t.a")
    check = ObjectId("table constraint", "c on public.t")
    assert "DEFAULT (2 + 1) NOT NULL" in authored(Choices(levels={column: 1}))
    assert "CHECK (a IN (1,2))" in authored(Choices(levels={column: 1}))
    assert "CHECK ((a = ANY (ARRAY[1, 2])))" in authored(Choices(levels={check: 1}))
