from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consolidate import effects, graph
from consolidate.effects import Scope
from consolidate.model import Manner, ObjectId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from consolidate.effects import Effect
    from consolidate.model import Statement

    Parse = Callable[..., tuple[Statement, ...]]
    Read = Callable[..., list[dict[str, list[str]]]]

HERE = Path(__file__).parent
NESTED = ("begin", "declare c cursor", "fetch", "move", "close", "commit")


def _everything(parse: Parse) -> tuple[Statement, ...]:
    """The texts that the server tests run, without the transaction that one of them begins."""
    texts = [(HERE / name).read_text() for name in ("identities.sql", "rarer.sql")]
    return tuple(s for s in parse(*texts) if not s.sql.startswith(NESTED))


def _alike(found: Iterable[Effect]) -> list[Effect]:
    """Without the statements' numbers, which differ from text to text."""
    first = next(iter(found := tuple(found)))
    return [one._replace(statement=first.statement, place=first.place) for one in found]


@pytest.mark.parametrize(
    ("before", "after"),
    [("begin", "rollback"), ("begin; savepoint s", "rollback to s; release s; commit")],
)
def test_after_a_rollback_everything_is_as_it_was_before(
    before: str, after: str, parse: Parse
) -> None:
    all_of_it = _everything(parse)
    assert len(all_of_it) > 300
    once = effects.run(all_of_it)

    found = effects.run(
        (*parse(before), *all_of_it, *parse(after), *all_of_it), manner=Manner(keeps_session=True)
    )

    number = len(parse(before))
    undone, again = found[number : number + len(once)], found[-len(once) :]
    last = parse(after)[0].id
    assert {effect.undone for effect in undone} == {last}
    assert {bool(effect.creates or effect.drops or effect.alters) for effect in undone} == {False}
    assert _alike(again) == _alike(once)


def test_what_stood_before_a_transaction_is_whole_again_after_its_rollback(parse: Parse) -> None:
    """Each statement is tried and rolled back once before it is run, on whatever there is then."""
    everything = _everything(parse)
    tried: list[Statement] = []
    for statement in everything:
        tried += [*parse("begin"), statement, *parse("rollback"), statement]
    found = effects.run(tried, manner=Manner(keeps_session=True))
    once = effects.run(everything, manner=Manner(keeps_session=True))
    assert _alike(found[3::4]) == _alike(once)


def test_a_rolled_back_object_is_none_of_the_history(read: Read, parse: Parse) -> None:
    sql = "create table a (x int); begin; drop table a; create table b (x int); rollback; table a"
    found = effects.run(parse(sql))
    assert [str(name) for name in found[-1].reads_rows] == ["table public.a"]
    surviving = graph.build(found).surviving()
    assert ObjectId("table", "public.a") in surviving
    assert ObjectId("table", "public.b") not in surviving
    assert surviving[ObjectId("table", "public.a")].number == 1
    assert read(sql)[1:5] == [{"transaction": ["begin"]}, {}, {}, {"transaction": ["rollback"]}]


def test_ties_are_rolled_back_too(read: Read) -> None:
    found = read(
        """create table base (a int); create table heir () inherits (base); create sequence free;
           create sequence owned owned by base.a; begin; alter table heir no inherit base;
           alter sequence free owned by base.a; alter sequence owned owned by none; rollback;
           drop table base cascade"""
    )
    gone = found[-1]["drops"]
    assert "table public.heir" in gone
    assert "sequence public.owned" in gone
    assert "sequence public.free" not in gone


def test_savepoints_of_one_name_hide_each_other(read: Read) -> None:
    found = read(
        """begin; create table a (x int); savepoint s; create table b (x int); savepoint s;
           create table c (x int); rollback to s; release s; rollback to s; create table d (x int);
           commit"""
    )
    made = [effect["creates"][0] for effect in found if "creates" in effect]
    assert made == ["table public.a", "table public.d"]


def test_a_setting_is_rolled_back_and_a_prepared_statement_is_not(read: Read) -> None:
    found = read(
        """create schema s; begin; set search_path = s; prepare q as insert into t values (1);
           rollback; create table t (a int); execute q"""
    )
    assert found[-2]["creates"][0] == "table public.t"
    assert found[-1] == {"writes": ["table public.t"]}


def test_a_chain_begins_the_next_transaction(read: Read) -> None:
    found = read("begin; rollback and chain; create table a (x int); rollback; delete from a")
    assert found[2] == {}


def test_a_temporary_table_may_end_with_its_transaction(read: Read) -> None:
    found = read("begin; create temp table a (x int) on commit drop; commit")
    assert found[2] == {
        "drops": ["table pg_temp.a", "table column pg_temp.a.x"],
        "transaction": ["commit"],
    }


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("rollback", "ROLLBACK of what no statement before it begins: only the runner knows"),
        ("begin; rollback to s", "ROLLBACK TO of what no statement before it begins"),
        ("begin; prepare transaction 'x'", "PREPARE TRANSACTION: whether it holds"),
        ("commit prepared 'x'", "COMMIT PREPARED ends a transaction of another session"),
    ],
)
def test_what_takes_back_something_unknown_is_opaque(sql: str, reason: str, read: Read) -> None:
    assert read(sql)[-1]["opaque"][0].startswith(reason)


def test_what_is_read_the_next_file_is_not_in_the_transaction_of_the_last(parse: Parse) -> None:
    found = effects.run(parse("begin; create table a (x int)", "rollback"), scope=Scope())
    assert found[1].undone is None
    assert found[2].opaque
