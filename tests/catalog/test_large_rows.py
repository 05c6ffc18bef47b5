"""Large tables: rows in files, compared without holding them as those of small tables are."""

from __future__ import annotations

import gc
import pickle
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import psycopg
import pytest

from consolidate.catalog import large, large_differences, rows, spools
from consolidate.catalog.marked_lines import fixed_line
from consolidate.catalog.marked_spools import MarkedSpool
from consolidate.catalog.realigned import Realigned
from consolidate.catalog.spools import Spool
from tests.catalog.test_rows import KEYS, SWAPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.catalog.rows import MarkedRows, Rows
    from consolidate.servers.interface import Cluster

Replay: TypeAlias = "Callable[[str], Rows]"

FEW = 50


@pytest.fixture
def connection(
    database: Callable[[int], tuple[Cluster, str]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[psycopg.Connection]:
    monkeypatch.setattr(large, "LARGE", FEW)
    cluster, name = database(18)
    with psycopg.connect(cluster.dsn(name), autocommit=True) as connected:
        yield connected


@pytest.fixture
def replay(connection: psycopg.Connection) -> Replay:
    def replayed(sql: str) -> Rows:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connection.execute(sql.encode())
        return rows.read(connection)

    return replayed


def spool(read: Rows, identity: str = "public.t") -> Spool:
    found = next(t.rows for t in read.tables if t.table.object.identity == identity)
    assert isinstance(found, Spool)
    return found


def marked(replay: Replay, sql: str) -> MarkedRows:
    return rows.mark(replay(sql), replay(sql))


def told(replay: Replay, left: str, right: str) -> list[str]:
    return [str(one) for one in rows.compare(marked(replay, left), marked(replay, right))]


MANY = """
CREATE TABLE t (id int PRIMARY KEY, note text);
INSERT INTO t SELECT n, 'note ' || n FROM generate_series(1, 300) n;
"""


def test_only_tables_with_more_rows_than_that_are_large(replay: Replay) -> None:
    some = "CREATE TABLE {0} AS SELECT n FROM generate_series(1, {1}) n;"
    read = replay(some.format("just", FEW) + some.format("over", FEW + 1))
    assert {t.table.object.identity: type(t.rows) for t in read.tables} == {
        "public.just": tuple,
        "public.over": Spool,
    }


def test_awkward_cells_come_back_as_they_were(replay: Replay) -> None:
    cells = r"""
        CREATE TABLE t (a text, b text);
        INSERT INTO t SELECT x, y FROM unnest(ARRAY[
            NULL, '', '\N', 'a\b', E'tab\tline\nreturn\r\b\f\v\x01', '\\', ' é '
        ]) x, unnest(ARRAY[NULL, 'NULL', E'\t\\t', '🙂']) y, generate_series(1, 9) n;
    """
    kept = spool(replay(cells))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(large, "LARGE", 10_000)
        held = replay(cells).tables[0].rows
    assert isinstance(held, tuple)
    assert tuple(kept) == held
    assert kept == held
    assert held == kept
    assert kept[17] == held[17]
    assert kept[-1] == held[-1]
    assert kept[3:9] == held[3:9]
    assert [b"\t".join(map(spools.field, row)) for row in held] == list(kept.lines())


def test_equal_rows_are_kept_once_and_their_file_goes_with_the_last_that_needs_it(
    replay: Replay,
) -> None:
    first, second = replay(MANY), replay(MANY)
    assert spool(first) is spool(second)
    assert spool(replay(MANY + "UPDATE t SET note = '' WHERE id = 7")) != spool(first)
    path = _path(spool(first))
    del first
    gc.collect()
    assert path.exists()
    del second
    gc.collect()
    assert not path.exists()


def test_another_process_would_read_the_same_file(replay: Replay) -> None:
    read = replay(MANY)
    dumped = pickle.dumps(read)
    assert len(dumped) < 2_000
    assert pickle.loads(dumped) == read  # noqa: S301 - our own
    assert spool(pickle.loads(dumped)) is spool(read)  # noqa: S301


def test_rows_in_another_order_are_the_same_rows(replay: Replay) -> None:
    backwards = MANY.replace("generate_series(1, 300) n", "generate_series(300, 1, -1) n")
    assert spool(replay(MANY)) != spool(replay(backwards))
    assert told(replay, MANY, backwards) == []
    assert rows.volatile_cells(rows.mark(replay(MANY), replay(backwards))) == ()


def test_columns_in_another_order_are_the_same_rows(replay: Replay) -> None:
    turned = MANY.replace("id int PRIMARY KEY, note text", "note text, id int PRIMARY KEY")
    turned = turned.replace("n, 'note ' || n", "'note ' || n, n")
    assert told(replay, MANY, turned) == []
    assert told(replay, MANY, turned + "UPDATE t SET note = 'x' WHERE id = 250") == [
        "changed  table public.t · row id=250 · note: note 250 → x"
    ]


def test_rows_that_differ_are_told_cell_by_cell(replay: Replay) -> None:
    other = (
        MANY
        + """
        UPDATE t SET note = 'x' WHERE id = 7; UPDATE t SET note = NULL WHERE id = 200;
        DELETE FROM t WHERE id = 299; INSERT INTO t VALUES (1000, 'new')"""
    )
    assert told(replay, MANY, other) == [
        "changed  table public.t · row id=7 · note: note 7 → x",
        "changed  table public.t · row id=200 · note: note 200 → NULL",
        "missing  table public.t · row id=299: (id=299, note=note 299)",
        "extra    table public.t · row id=1000: (id=1000, note=new)",
    ]


def test_a_table_that_lost_all_its_rows_is_told_in_few_lines(replay: Replay) -> None:
    found = told(replay, MANY, MANY + "TRUNCATE t")
    assert len(found) == 21
    assert found[0] == "missing  table public.t · row id=1: (id=1, note=note 1)"
    assert found[-1].endswith("more rows: 280 more differences → not listed")


def test_where_too_many_rows_differ_only_some_of_them_are_looked_at(replay: Replay) -> None:
    sql = MANY.replace("300", "3000")
    found = told(replay, sql, sql + "UPDATE t SET note = note || '!'")
    assert len(found) == 21
    assert all(" · row id=" in line and line.endswith("!") for line in found[:20])
    number = int(found[-1].partition("more rows: ")[2].split()[0])
    rest = f"{2980 - number:,}"
    assert found[-1].endswith(
        f"{number} more differences and {rest} and {rest} rows that differ → not listed"
    )


def test_rows_without_a_key_and_twins_are_counted(replay: Replay) -> None:
    twins = "CREATE TABLE t (a text); INSERT INTO t SELECT 'x' FROM generate_series(1, {});"
    assert told(replay, twins.format(300), twins.format(300)) == []
    assert told(replay, twins.format(300), twins.format(298)) == [
        "missing  table public.t · row (a=x): (a=x)",
        "missing  table public.t · row (a=x): (a=x)",
    ]


VOLATILE = """
CREATE TABLE t (id int PRIMARY KEY, made timestamptz, doc jsonb);
INSERT INTO t SELECT n, CASE WHEN n % 2 = 0 THEN clock_timestamp() ELSE '2025-01-01' END,
    jsonb_build_object('n', n, 'r', random()) FROM generate_series(1, 300) n;
"""


def test_cells_are_volatile_row_by_row_and_leaf_by_leaf(replay: Replay) -> None:
    truth = marked(replay, VOLATILE)
    assert rows.volatile_cells(truth) == ("public.t.doc $.r", "public.t.made")
    assert rows.compare(truth, marked(replay, VOLATILE)) == ()
    marks = truth.tables[0].rows
    assert isinstance(marks, MarkedSpool)
    assert list(marks.lines()) == [fixed_line(row) for row in marks]
    day, clock = "2025-01-02 00:00:00+00", "(volatile timestamp with time zone)"
    changes = (
        (7, f"'{day}'", f"made: 2025-01-01 00:00:00+00 → {day}"),
        (8, f"'{day}'", f"made: {clock} → {day}"),
        (8, "NULL", f"made: {clock} → NULL"),
    )
    for row, value, wanted in changes:
        change = f"UPDATE t SET made = {value} WHERE id = {row}"
        (found,) = rows.compare(truth, marked(replay, VOLATILE + change))
        assert str(found).endswith(wanted)
    (found,) = rows.compare(
        truth, marked(replay, VOLATILE + "UPDATE t SET doc = doc || '{\"n\": 0}' WHERE id = 8")
    )
    assert found.attribute == "row id=8 · doc"


def test_a_cell_that_is_null_in_one_replay_only_stays_strict(replay: Replay) -> None:
    nulls = MANY + "UPDATE t SET note = NULL WHERE id = 5"
    truth = rows.mark(replay(MANY), replay(nulls))
    assert rows.volatile_cells(truth) == ("public.t.note (NULL in one replay only)",)
    assert rows.compare(truth, marked(replay, MANY)) == ()


def test_the_day_of_the_replay_is_volatile_in_clocked_columns(replay: Replay) -> None:
    days = """
        CREATE TABLE t (id int PRIMARY KEY, day date, noted text);
        INSERT INTO t SELECT n, CURRENT_DATE - n % 2, CURRENT_DATE FROM generate_series(1, 300) n;
    """
    read = replay(days)
    truth = rows.mark(read, read, {("public.t", "day")})
    assert rows.volatile_cells(truth) == ("public.t.day",)
    marks = truth.tables[0].rows
    assert [type(row[1]).__name__ for row in marks][:2] == ["str", "Volatile"]
    assert isinstance(marks, MarkedSpool)
    assert list(marks.lines()) == [fixed_line(row) for row in marks]
    assert rows.compare(truth, rows.mark(read, read, {("public.t", "day")})) == ()
    assert rows.mark(read, read).tables[0].rows is spool(read)


def test_rows_in_other_numbers_are_not_aligned(replay: Replay) -> None:
    truth = rows.mark(replay(MANY), replay(MANY + "DELETE FROM t WHERE id = 1"))
    assert rows.volatile_cells(truth) == (
        "public.t (rows not aligned: 300 in one replay, 299 in the other)",
    )
    assert rows.compare(truth, truth) == ()


SHUFFLED = """
CREATE TABLE t (id int PRIMARY KEY, kind text, made timestamptz);
INSERT INTO t SELECT n, 'kind ' || n % 3, clock_timestamp()
FROM generate_series(1, 300) n ORDER BY random();
"""


def test_rows_that_every_replay_writes_in_another_order_are_paired_by_what_is_fixed(
    replay: Replay,
) -> None:
    truth = marked(replay, SHUFFLED)
    (table,) = truth.tables
    assert isinstance(getattr(table.rows, "other", None), Realigned)
    assert rows.volatile_cells(truth) == ("public.t.made",)
    assert rows.compare(truth, marked(replay, SHUFFLED)) == ()
    (found,) = rows.compare(
        truth, marked(replay, SHUFFLED + "UPDATE t SET kind = 'x' WHERE id = 9")
    )
    assert found.attribute == "row id=9 · kind"


def test_keys_of_large_tables_are_not_followed_and_that_is_told(
    replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "LARGE", 0)
    assert told(replay, KEYS, KEYS + SWAPPED) == []
    assert rows.volatile_cells(marked(replay, KEYS)) == (
        "public.buildings (2 rows: volatile keys are not followed)",
        "public.buildings.id",
        "public.rooms (2 rows: volatile keys are not followed)",
        "public.rooms.building",
        "public.rooms.id",
        "public.rooms.made",
    )


CLOCK = """
CREATE TABLE t (id int PRIMARY KEY, made timestamptz, note text);
INSERT INTO t SELECT n, clock_timestamp(), 'note ' || n FROM generate_series(1, {}) n;
"""


@pytest.mark.parametrize("change", ["", "UPDATE t SET note = 'x' WHERE id % 300 = 3"])
def test_a_row_more_takes_no_memory_but_for_a_hash_where_rows_differ(
    replay: Replay, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spools, "_BUFFER", 4_096)
    monkeypatch.setattr(large_differences, "_ENOUGH", 5)

    def peak(count: int) -> int:
        sql = CLOCK.format(count)
        tracemalloc.start()
        found = rows.compare(marked(replay, sql), marked(replay, sql + change))
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert bool(found) is bool(change)
        return top

    peak(600)  # what is made once is none of it
    few, many = 1_000, 4_000
    grown = (peak(many) - peak(few)) / (many - few)
    assert grown < 64  # bytes a row; held in memory, each takes twenty times as much


def _path(kept: Spool) -> Path:
    with kept.opened() as file:
        return Path(file.name)
