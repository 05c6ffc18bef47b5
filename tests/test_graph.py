from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pglast import ast

from consolidate import effects, graph, statements
from consolidate.effects import Reason
from consolidate.findings import OPAQUE_STATEMENT, STATEMENT_NOT_UNDERSTOOD
from consolidate.lives import Touched
from consolidate.model import Migration, ObjectId, StatementId

if TYPE_CHECKING:
    from consolidate.graph import DependencyGraph
    from consolidate.model import Statement


def _graph(*files: str, before: str = "") -> DependencyGraph:
    history = [s for number, text in enumerate(files, 1) for s in _statements(number, text)]
    return graph.build(effects.run(history, before=_statements(1, before)))


def _statements(number: int, text: str) -> list[Statement]:
    migration = Migration(number=number, path=f"{number}.sql", version="", text=text, sha256="")
    return [statement for statement in statements.parse(migration) if statement.sql]


def _table(name: str) -> ObjectId:
    return ObjectId("table", f"public.{name}")


def _life(found: DependencyGraph, name: ObjectId) -> list[str]:
    return [f"{t.statement_id} {t.what} {t.aspect}".strip() for t in found.life(name)]


def test_a_rename_keeps_the_identity() -> None:
    found = _graph("create table a (x int)", "alter table a rename to b; comment on table b is ''")
    incarnation = found.surviving()[_table("b")]
    assert (incarnation.first, incarnation.final) == (_table("a"), _table("b"))
    assert _table("a") not in found.surviving()
    assert _life(found, _table("b")) == [
        "0001#1 created",
        "0002#1 renamed public.b",
        "0002#2 altered comment",
    ]
    assert found.creator(_table("b")) == "0001#1"


def test_drop_and_create_make_another_object() -> None:
    found = _graph("create table a (x int); drop table a; create table a (y int)")
    assert [(i.first, i.number) for i in found.vanished() if i.first.kind == "table"] == [
        (_table("a"), 1)
    ]
    assert found.surviving()[_table("a")].number == 2
    assert _life(found, _table("a")) == ["0001#3 created"]


def test_a_name_used_again_after_a_rename_is_another_object() -> None:
    found = _graph(
        "create table a (x int); create view v as select x from a;"
        "alter table a rename to b; create table a (x int); insert into a values (1)"
    )
    assert found.surviving()[_table("b")].first == _table("a")
    assert found.surviving()[_table("a")].number == 2
    assert found.needs(ObjectId("view", "public.v"), parts=False) == {
        ObjectId("schema", "public"),
        _table("b"),
        ObjectId("table column", "public.b.x"),
    }
    assert found.rows(_table("a")) == ("0001#5",)
    assert found.rows(_table("b")) == ()


def test_a_vanished_object_is_still_known_by_its_last_name() -> None:
    found = _graph("create table a (x int); alter table a rename to b; drop table b")
    assert _life(found, _table("b")) == [
        "0001#1 created",
        "0001#2 renamed public.b",
        "0001#3 dropped",
    ]
    assert found.life(_table("never")) == ()
    assert found.creator(_table("never")) is None


def test_the_parts_of_a_table_count_as_its_own() -> None:
    found = _graph("create table a (x serial primary key)", before="set check_function_bodies = on")
    own = (
        ObjectId("table column", "public.a.x"),
        ObjectId("sequence", "public.a_x_seq"),
        ObjectId("default value", "for public.a.x"),
        ObjectId("table constraint", "a_x_not_null on public.a"),
        ObjectId("table constraint", "a_pkey on public.a"),
        ObjectId("index", "public.a_pkey"),
    )
    assert found.parts(_table("a")) == own
    assert {found.whole(part) for part in own} == {_table("a")}
    assert found.needs(_table("a")) == {ObjectId("schema", "public")}


def test_an_index_a_trigger_and_a_policy_are_no_parts() -> None:
    found = _graph(
        "create table a (x int); create index i on a (x); create policy p on a using (true)"
    )
    index, policy = ObjectId("index", "public.i"), ObjectId("policy", "p on public.a")
    assert (found.whole(index), found.whole(policy)) == (index, policy)
    assert _table("a") in found.needs(index) & found.needs(policy)


def test_a_replaced_function_forgets_what_its_old_body_needed() -> None:
    make = "create or replace function f() returns bigint language sql as 'select count(*) from {}'"
    found = _graph(
        f"create table a (x int); create table b (x int);{make.format('a')}; {make.format('b')}"
    )
    function = ObjectId("function", "public.f()")
    assert found.needs(function) == {ObjectId("schema", "public"), _table("b")}
    assert _life(found, function) == ["0001#3 created", "0001#4 replaced"]


def test_a_new_column_type_takes_the_place_of_the_old_one() -> None:
    found = _graph(
        "create type a as enum ('x'); create type b as enum ('x'); create table t (c a);"
        "alter table t alter c type b using c::text::b"
    )
    assert found.needs(_table("t")) == {ObjectId("schema", "public"), ObjectId("type", "public.b")}


def test_a_mention_means_what_bears_the_name_at_the_end() -> None:
    found = _graph(
        """create table a (x int);
           create function f() returns void language plpgsql as 'begin delete from a; end';
           alter table a rename to old; create table a (x int)"""
    )
    assert found.mentions(ObjectId("function", "public.f()")) == {_table("a")}
    assert found.surviving()[_table("a")].number == 2


def test_a_do_block_mentions_and_is_a_finding() -> None:
    table, block, last = _statements(
        1, "create table a (x int);\ndo 'begin delete from a; end';\ncheckpoint"
    )
    of_tomorrow = replace(last, tree=ast.RawStmt())
    found = graph.build(effects.run([table, block, of_tomorrow]))
    assert found.statement_mentions(found.opaque()[0].statement) == {_table("a")}
    assert [(f.code, str(f.span)) for f in found.findings()] == [
        (OPAQUE_STATEMENT, "1.sql:2:1"),
        (STATEMENT_NOT_UNDERSTOOD, "1.sql:3:1"),
    ]


def _external(found: DependencyGraph) -> set[str]:
    used = {node.first for node in found.incarnations if node.external}
    return {str(name) for name in used if not graph.brought_by(name, {})}


def test_what_the_history_never_creates_is_external() -> None:
    found = _graph(
        "insert into auth.users default values", before="create table auth.users (a int)"
    )
    assert _external(found) == {"table auth.users"}
    assert found.surviving() == {}
    assert found.rows(ObjectId("table", "auth.users")) == ("0001#1",)


def test_every_edge_says_why_and_where() -> None:
    found = _graph("create table a (x int);\ncreate view v as select x from a")
    view = found.surviving()[ObjectId("view", "public.v")]
    table = found.surviving()[_table("a")]
    (evidence,) = found.digraph.edges[view, table]["evidence"]
    assert (evidence.reason, str(evidence.place)) == (Reason.QUERY, "1.sql:2:1")
    (made,) = found.digraph.edges[StatementId("0001#1"), table]["evidence"]
    assert made.reason is Touched.CREATED


def test_the_catalogs_of_postgresql_are_no_objects_that_somebody_forgot() -> None:
    found = _graph("update pg_index set indisvalid = true; delete from pg_catalog.pg_statistic")
    assert _external(found) == set()
