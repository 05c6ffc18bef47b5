"""The statement that gives one attribute of an object its former value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pglast
import pytest

from consolidate.model import ObjectId
from consolidate.wording import other_changes, relation_changes
from consolidate.wording.change import Change, NoWayBack
from consolidate.wording.rights import on_this_database

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = {
    **dict.fromkeys(("table", "foreign table", "view", "materialized view"), "of_relation"),
    **dict.fromkeys(("table column", "foreign table column"), "of_column"),
    "index": "of_index",
    "sequence": "of_sequence",
}


def given_back(
    name: tuple[str, str], attribute: str, before: dict[str, str], after: dict[str, str]
) -> str:
    kind, _ = name
    change = Change(
        object=ObjectId(*name), attribute=attribute, before=before, after=after, major=18
    )
    return word(kind)(change)


def word(kind: str) -> Callable[[Change], str]:
    if kind in WORDS:
        said: Callable[[Change], str] = getattr(relation_changes, WORDS[kind])
        return said
    return other_changes.BY_KIND[kind]


T, C, INDEX = ("table", "public.t"), ("table column", 'public.t."A"'), ("index", "public.i")
INDEXED = {"definition": 'CREATE INDEX i ON public."T t" USING btree (a)'}
ROLE, TYPE, PUB = ("role", "r"), ("type", "public.e"), ("publication", "p")

FORMER = [
    (*T, "unlogged", "", "true", "ALTER TABLE public.t SET LOGGED;"),
    (*T, "access method", "", "heap2", "ALTER TABLE public.t SET ACCESS METHOD heap;"),
    (*T, "tablespace", "attic", "", "ALTER TABLE public.t SET TABLESPACE attic;"),
    (*T, "of type", "public.a", "", "ALTER TABLE public.t OF public.a;"),
    (*T, "replica identity", "nothing", "full", "ALTER TABLE public.t REPLICA IDENTITY NOTHING;"),
    (*T, "replica identity", "index", "full", ""),
    (*T, "option fillfactor", "70", "60", "ALTER TABLE public.t SET (fillfactor = '70');"),
    (*T, "toast option x", "", "1", "ALTER TABLE public.t RESET (toast.x);"),
    (
        *T,
        "inherits",
        "a, b",
        "b, c",
        "ALTER TABLE public.t NO INHERIT c;\nALTER TABLE public.t INHERIT a;",
    ),
    ("view", "public.v", "option x", "true", "", "ALTER VIEW public.v SET (x = 'true');"),
    (
        "materialized view",
        "v",
        "populated",
        "false",
        "true",
        "REFRESH MATERIALIZED VIEW v WITH NO DATA;",
    ),
    (*C, "compression", "pglz", "", 'ALTER TABLE public.t ALTER COLUMN "A" SET COMPRESSION pglz;'),
    (
        *C,
        "compression",
        "",
        "lz4",
        'ALTER TABLE public.t ALTER COLUMN "A" SET COMPRESSION default;',
    ),
    (
        *C,
        "identity",
        "always",
        "",
        'ALTER TABLE public.t ALTER COLUMN "A" ADD GENERATED ALWAYS AS IDENTITY;',
    ),
    (
        *C,
        "option n_distinct",
        "3",
        "",
        """ALTER TABLE public.t ALTER COLUMN "A" SET (n_distinct = '3');""",
    ),
    ("sequence", "public.s", "cycle", "true", "", "ALTER SEQUENCE public.s CYCLE;"),
    ("sequence", "public.s", "unlogged", "", "true", "ALTER SEQUENCE public.s SET LOGGED;"),
    ("sequence", "public.s", "type", "integer", "bigint", "ALTER SEQUENCE public.s AS integer;"),
    (
        "composite type column",
        "public.a.b",
        "collation",
        "",
        "x",
        "ALTER TYPE public.a ALTER ATTRIBUTE b TYPE text;",
    ),
    (
        "rule",
        "r on public.t",
        "enabled",
        "always",
        "disabled",
        "ALTER TABLE public.t ENABLE ALWAYS RULE r;",
    ),
    (*TYPE, "not null", "true", "", "ALTER DOMAIN public.e SET NOT NULL;"),
    (*ROLE, "password", "", "md5 x", "ALTER ROLE r PASSWORD NULL;"),
    (*ROLE, "valid until", "2030-01-01", "", "ALTER ROLE r VALID UNTIL '2030-01-01';"),
    (*ROLE, "inherit", "false", "true", "ALTER ROLE r NOINHERIT;"),
    (*ROLE, "setting search_path", "a, b", "c", "ALTER ROLE r SET search_path TO a, b;"),
    (
        *ROLE,
        "setting x in database",
        "",
        "1",
        on_this_database("ALTER ROLE r IN DATABASE %I RESET x"),
    ),
    (
        "tablespace",
        "attic",
        "option seq_page_cost",
        "2",
        "",
        "ALTER TABLESPACE attic SET (seq_page_cost = '2');",
    ),
    ("foreign-data wrapper", "w", "handler", "", "f()", "ALTER FOREIGN DATA WRAPPER w NO HANDLER;"),
    (
        "user mapping",
        "r on server s",
        "option a",
        "",
        "md5 x",
        "ALTER USER MAPPING FOR r SERVER s OPTIONS (DROP a);",
    ),
    (
        *PUB,
        "generated columns",
        "",
        "s",
        "ALTER PUBLICATION p SET (publish_generated_columns = none);",
    ),
    (
        "operator",
        "public.=(integer,integer)",
        "join",
        "",
        "f(a)",
        "ALTER OPERATOR public.=(integer,integer) SET (JOIN = NONE);",
    ),
    (
        "operator family",
        "f USING btree",
        "operator 1 (integer, integer)",
        "<(integer,integer)",
        "",
        "ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 1 < (integer, integer);",
    ),
]


@pytest.mark.parametrize(("kind", "identity", "attribute", "old", "new", "expected"), FORMER)
def test_each_attribute_has_a_statement_of_its_own(  # noqa: PLR0913, PLR0917 - a case has six parts
    kind: str, identity: str, attribute: str, old: str, new: str, expected: str
) -> None:
    common = {"type": "text"} if kind.endswith("column") else {}
    before, after = ({**common, attribute: value} if value else common for value in (old, new))
    said = given_back((kind, identity), attribute, before, after)
    assert said == expected
    assert len(pglast.parse_sql(said)) == len(said.splitlines())


def test_an_index_names_its_table_where_only_that_can_say_it() -> None:
    after = {**INDEXED, "clustered": "true"}
    assert (
        given_back(INDEX, "clustered", INDEXED, after)
        == 'ALTER TABLE public."T t" SET WITHOUT CLUSTER;'
    )
    assert (
        given_back(INDEX, "clustered", after, INDEXED) == 'ALTER TABLE public."T t" CLUSTER ON i;'
    )


@pytest.mark.parametrize(("type_", "storage"), [("text", "extended"), ("numeric(3,1)", "main")])
def test_the_storage_of_a_type_is_spelled_where_there_is_no_word_for_it(
    type_: str, storage: str
) -> None:
    change = Change(
        object=ObjectId(*C),
        attribute="storage",
        before={"type": type_},
        after={"type": type_, "storage": "plain"},
        major=15,
    )
    said = relation_changes.of_column(change)
    assert said == f'ALTER TABLE public.t ALTER COLUMN "A" SET STORAGE {storage};'


LOST = [
    (*T, "inherits", "a, b", "b, a", "the order of its parents"),
    (*T, "partition key", "x", "y", "nothing is known to take back its partition key"),
    (*C, "generated", "stored", "", "never made a generated one"),
    (*TYPE, "labels", "'a'", "'a', 'b', 'c'", "can not drop a value of an enum: 'b', 'c'$"),
    (*ROLE, "password", "md5 x", "md5 y", "only its author knows the former password"),
    (*ROLE, "valid until", "", "2030-01-01", "the end of a role's validity"),
    ("extension", "x", "version", "1.0", "1.1", "no way back to version 1.0"),
    ("user mapping", "r on server s", "option a", "md5 x", "", "only its author knows"),
    ("server", "s", "type", "a", "b", "nothing is known"),
    (*PUB, "all tables", "", "true", "nothing is known"),
    ("statistics object", "s", "definition", "a", "b", "nothing is known"),
]


@pytest.mark.parametrize(("kind", "identity", "attribute", "old", "new", "why"), LOST)
def test_what_has_no_way_back_says_why(  # noqa: PLR0913, PLR0917 - a case has six parts
    kind: str, identity: str, attribute: str, old: str, new: str, why: str
) -> None:
    before, after = ({attribute: value} if value else {} for value in (old, new))
    with pytest.raises(NoWayBack, match=why):
        given_back((kind, identity), attribute, before, after)
