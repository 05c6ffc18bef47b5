"""What a rollback took from a database in use, and whether its guard had said so."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.drill.returned import Keys, changed_back
from consolidate.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Row, Rows, TableRows

GUARD = re.compile(r"this rollback would (drop|lose) rows: ")
"""How a guard begins to speak; any other refusal is a failure."""


LIFTED = re.compile(r"this rollback loses rows: ")
"""How it speaks where it lets them go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The rows around one rollback on a database in use."""

    before: Rows
    after: Rows
    """After the rollback without its guard."""
    above: Rows
    """As its file had left them, when nobody else wrote any."""
    below: Rows
    """As they were before its file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """What is gone of what the file had not put there itself."""

    dropped: Mapping[str, int]
    """The tables that went with rows of others, and how many."""
    deleted: Mapping[str, int]
    """The tables that stayed, and how many rows of others they lost."""
    cut: Mapping[str, int]
    """The columns that went from tables that stayed, as `schema.table.column`, and in how many rows
    of others they held a value."""
    added: Mapping[str, int]
    """The tables that stayed, and how many rows they have now that nobody had put there."""
    followed: frozenset[str] = frozenset()
    """The tables with rows that got a former key back, or point at one that did."""


def losses(step: Step) -> Losses:
    """Compares the rows before and after a rollback with what its file had changed.

    Rows are compared by the columns that all states of their table have.
    """
    after, above, below = map(_tables, (step.after, step.above, step.below))
    dropped: dict[str, int] = {}
    deleted: dict[str, int] = {}
    cut: dict[str, int] = {}
    added: dict[str, int] = {}
    followed: set[str] = set()
    keys = Keys(above, below)
    for name, table in _tables(step.before).items():
        made = above.get(name)
        if name not in after:
            others = Counter(table.rows) - Counter(made.rows if made else ())
            dropped |= {name: others.total()} if others else {}
            continue
        now = after[name]
        if now.rows is table.rows:
            continue
        lost, gained, back = _moved(table, now, made, below.get(name), keys)
        deleted |= {name: lost} if lost else {}
        added |= {name: gained} if gained else {}
        followed |= {name} if back else set()
        cut |= _cut(table, now, made)
    return Losses(
        dropped=dropped, deleted=deleted, cut=cut, added=added, followed=frozenset(followed)
    )


def _moved(
    table: TableRows,
    now: TableRows,
    made: TableRows | None,
    earlier: TableRows | None,
    keys: Keys,
) -> tuple[int, int, int]:
    """How many rows a table lost and gained that its file had not put there or removed.

    Those that only got a key back are told apart.
    """
    columns = _shared([one for one in (table, now, made, earlier) if one is not None])
    had, has = _counted(table, columns), _counted(now, columns)
    put, removed = _counted(made, columns), _counted(earlier, columns)
    lost, gained = (had - has) - (put - removed), (has - had) - (removed - put)
    back = keys.returned(table.table, columns, lost, gained)
    back += changed_back(
        lost - Counter(was for was, _ in back.elements()),
        gained - Counter(now_ for _, now_ in back.elements()),
        (put - removed) - (had - has),
        (removed - put) - (has - had),
    )
    return lost.total() - back.total(), gained.total() - back.total(), back.total()


def _cut(table: TableRows, now: TableRows, made: TableRows | None) -> Mapping[str, int]:
    """The columns that are gone, and in how many rows of others they held a value."""
    left = {column.name for column in now.table.columns}
    there = set(_shared([one for one in (table, made) if one is not None]))
    found: dict[str, int] = {}
    for column in table.table.columns:
        if column.generated or column.name in left or column.name not in there:
            continue
        others = _counted(table, [column.name]) - _counted(made, [column.name])
        held = sum(number for (cell,), number in others.items() if cell is not None)
        if held:
            found[f"{table.table.object.identity}.{column.quoted}"] = held
    return found


def complaints(
    found: Losses, said: str | None, tables: Rows, pointing: Collection[str] = ()
) -> Iterator[str]:
    """What is wrong with a guard, seen from what was lost without it.

    Args:
        found: What was lost.
        said: What it said; None if it let the rollback pass.
        tables: What there was before.
        pointing: Tables with a row that pointed at one which goes, when it was asked.
    """
    at_risk = {**found.dropped, **found.deleted}
    told = _told(said or "", {*_tables(tables), *at_risk, *found.cut})
    for name in sorted({*pointing} - found.followed if said is not None else ()):
        if not _named(name, said or ""):
            yield in_the_way(name)
    for name, number in sorted(at_risk.items()):
        if said is None:
            yield f"{counted(number, 'row')} of {name} went without a word"
        elif name not in told:
            yield f"it does not name {name}, which loses {counted(number, 'row')}"
        elif name in found.dropped and number not in told[name]:
            yield f"of {name} it counts {counted(min(told[name]), 'row')}, and {number:,} go"
    for name in sorted(told.keys() - at_risk.keys() - found.cut.keys() - {*pointing}):
        yield f"it names {name}, which loses none"
    if said is not None and not (at_risk or told or pointing):
        yield "it refuses, and nothing would be lost"
    turned = Counter({name: number for name, number in at_risk.items() if name in told})
    for name, number in sorted((Counter(found.added) - turned).items()):  # lost as what they were
        yield f"{counted(number, 'row')} of {name} came that nobody had put there"


def _told(said: str, names: set[str]) -> dict[str, set[int]]:
    """The tables and columns that a guard says lose something, each with its counts.

    Behind a name may stand which rows are meant: those that were changed since, say. Rows that
    point at others are in the way; they are not lost.
    """
    told: dict[str, set[int]] = {}
    for name in names:
        place = rf"{_BEGUN}{re.escape(name)}(?:, (?!pointing )[^(),]*)? \((\d+) rows?\)"
        if counts := re.findall(place, said):
            told[name] = set(map(int, counts))
    return told


def in_the_way(name: str) -> str:
    """What is wrong with a guard that passes over rows which point at others that go."""
    return f"it does not name {name}, which points at what goes"


def _named(name: str, said: str) -> bool:
    return bool(re.search(rf"{_BEGUN}{re.escape(name)}(?:, [^(),]*)? \(\d+ rows?\)", said))


_BEGUN = r"(?:(?<=would drop rows: )|(?<=would lose rows: )|(?<=rows\), )|(?<=row\), ))"
"""What stands before each table: which rows of it are meant may be told by another table's name."""


def _tables(rows: Rows) -> dict[str, TableRows]:
    """What can be lost: a materialized view only shows what others have."""
    return {t.table.object.identity: t for t in rows.tables if t.table.object.kind == "table"}


def _shared(tables: Sequence[TableRows]) -> list[str]:
    names = [{column.name for column in one.table.columns} for one in tables]
    return [c.name for c in tables[0].table.columns if all(c.name in other for other in names)]


def _counted(table: TableRows | None, columns: Sequence[str]) -> Counter[Row]:
    if table is None:
        return Counter()
    places = [[c.name for c in table.table.columns].index(name) for name in columns]
    return Counter(tuple(row[place] for place in places) for row in table.rows)
