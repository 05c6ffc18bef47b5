"""How strongly tables belong together."""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from itertools import combinations, pairwise
from math import sqrt
from typing import TYPE_CHECKING

import networkx as nx

from consolidate import names
from consolidate.groups import stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from consolidate.groups.tables import Tables
    from consolidate.model import ObjectId
    from consolidate.relations import Relations
    from consolidate.truth import Truth

PART = 3.0
"""Partitions, heirs, and whatever else needs the other table to be created at all.

So do two tables whose rows were written in turn: in two files, rows of the first would have to
stand in the second one, without the table that they belong to.
"""
KEY = 1.0
"""A foreign key to a table that nothing else refers to."""
COLUMN = 0.6
"""A column named after a table, such as `order_id`, without a foreign key."""
SHARED = 0.4
"""A type, function or view of two tables alone."""
MAIN = 0.4
"""A table whose whole name the other one begins with, as `orders` and `order_items`."""
MOST_SHARED = 0.8
"""However many of these two tables share."""
STEM = 0.5
"""A word that two names alone begin with."""
FILE = 0.2
"""A legacy file that made two tables alone."""
_FADING = 0.85
"""How fast a reference fades with the number of those to the same table.

Found by trial on real histories: slower, whoever holds many of them draws a table that all refer
to away from its own company; faster, a foreign key says less than a common word.
"""
_ABROAD = 0.5
"""What is left of a bond between two schemas."""
_FEW = 8
"""How many tables a type, function, view or legacy file can tie to each other."""
_MANY = 25
"""Of more tables than this, a common beginning says little."""
_TELLING = 4
"""How many letters a name needs to be recognised at the beginning of another."""
_REFERENCE_ENDINGS = frozenset({"id", "uuid", "key"})

Bonds = dict[tuple["ObjectId", "ObjectId"], float]
Reason = tuple["ObjectId", "ObjectId", float]
"""Two tables, and how strongly one thing ties them together."""


class Tie(StrEnum):
    """What ties tables together."""

    PART = "part"
    IN_TURN = "rows in turn"
    KEY = "foreign key"
    COLUMN = "column"
    SHARED = "shared"
    FILE = "file"
    NAME = "name"


def bonds(truth: Truth, tables: Tables, relations: Relations) -> Bonds:
    """The strength of each pair of tables that something ties together; the lesser name first.

    What refers to a table that many refer to says little: everything has a user. So a bond fades
    with the number of tables that share its reason.
    """
    found: Bonds = defaultdict(float)
    for _, reasons in ties(truth, tables, relations):
        for one, other, strength in reasons:
            abroad = stems.schema(one.identity) != stems.schema(other.identity)
            found[min(one, other), max(one, other)] += strength * (_ABROAD if abroad else 1)
    return dict(sorted(found.items()))


def ties(
    truth: Truth, tables: Tables, relations: Relations
) -> Iterable[tuple[Tie, Iterable[Reason]]]:
    """What ties which tables together; of a reference, the one that has it comes first."""
    keys = set(tables.foreign_keys)
    yield Tie.PART, _parts(tables, relations)
    yield Tie.IN_TURN, _written_in_turn(tables, relations)
    yield Tie.KEY, _faded(keys, KEY)
    yield Tie.COLUMN, _faded(named_columns(truth, tables.all) - keys, COLUMN)
    yield Tie.SHARED, _at_most(_together(_users(tables, relations), SHARED), MOST_SHARED)
    yield Tie.FILE, _together(_files(truth, tables), FILE)
    yield Tie.NAME, _stems(tables.all)
    yield Tie.NAME, _run_together(tables.all)


def _parts(tables: Tables, relations: Relations) -> Iterable[Reason]:
    makers = set(tables.units.values())
    for unit in sorted(relations.units.values(), key=lambda unit: unit.object):
        if unit.object in makers or unit.type == "TABLE ATTACH":
            near = {unit.object, *relations.needs.predecessors(unit.object)}
            ends = sorted({table for one in near if (table := tables.of(one)) is not None})
            yield from ((one, other, PART) for one, other in combinations(ends, 2))


def _written_in_turn(tables: Tables, relations: Relations) -> Iterable[Reason]:
    after: nx.DiGraph[ObjectId] = nx.DiGraph()
    for name, unit in sorted(relations.units.items()):
        table = tables.of(name)
        if unit.type != "ROWS" or table is None:
            continue
        for needed in relations.needs.predecessors(name):
            other = tables.of(needed)
            if relations.units[needed].type == "ROWS" and other is not None and other != table:
                after.add_edge(other, table)
    for circle in nx.strongly_connected_components(after):
        pairs = {(min(pair), max(pair)) for pair in after.subgraph(circle).edges}
        yield from ((one, other, PART) for one, other in sorted(pairs))


def _faded(references: set[tuple[ObjectId, ObjectId]], strength: float) -> Iterable[Reason]:
    """References, each the weaker the more tables refer to the same one."""
    referring: dict[ObjectId, int] = defaultdict(int)
    for _, target in references:
        referring[target] += 1
    for owner, target in references:
        yield owner, target, strength / referring[target] ** _FADING


def named_columns(truth: Truth, tables: Sequence[ObjectId]) -> set[tuple[ObjectId, ObjectId]]:
    """Columns that are named after another table of the same schema."""
    by_name = {
        (stems.schema(table.identity), stems.stems(table.identity)[-1]): table
        for table in reversed(tables)
    }
    known = {table.identity: table for table in tables}
    found = set()
    for column in {fact.object for fact in truth.final.facts.facts}:
        if column.kind != "table column":
            continue
        owner, name = names.parted(column.identity, ".")
        if owner not in known:
            continue
        spelled = stems.words(name)
        alike = tuple(map(stems.singular, spelled))
        alike = alike[:-1] if alike[-1] in _REFERENCE_ENDINGS else alike
        home = stems.schema(owner)
        ends = (by_name.get((home, alike[start:])) for start in range(len(alike)))
        target = next((table for table in ends if table is not None), None)
        if target is not None and target != known[owner]:
            found.add((known[owner], target))
    return found


def _users(tables: Tables, relations: Relations) -> Iterable[set[ObjectId]]:
    """The tables that each type, function and view is about."""
    for name in relations.units:
        if tables.of(name) is None:
            around = {*relations.needs.predecessors(name), *relations.needs.successors(name)}
            around |= relations.mentioned(name)
            yield {table for near in around if (table := tables.of(near)) is not None}


def _files(truth: Truth, tables: Tables) -> Iterable[set[ObjectId]]:
    paths = {statement.id: statement.path for file in truth.files for statement in file}
    made: dict[str, set[ObjectId]] = defaultdict(set)
    for table in tables.all:
        if creator := truth.trace.created.get(table):
            made[paths[creator]].add(table)
    return made.values()


def _together(companies: Iterable[set[ObjectId]], strength: float) -> Iterable[Reason]:
    for company in companies:
        if 1 < len(company) <= _FEW:
            for one, other in combinations(sorted(company), 2):
                yield one, other, strength / (len(company) - 1)


def _at_most(reasons: Iterable[Reason], most: float) -> Iterable[Reason]:
    """The strengths of each pair as one, which does not exceed a limit."""
    total: Bonds = defaultdict(float)
    for one, other, strength in reasons:
        total[one, other] += strength
    yield from ((one, other, min(strength, most)) for (one, other), strength in total.items())


def _stems(tables: Sequence[ObjectId]) -> Iterable[Reason]:
    alike: dict[tuple[str, stems.Words], list[ObjectId]] = defaultdict(list)
    for table in tables:
        for beginning in stems.stems(table.identity):
            alike[stems.schema(table.identity), beginning].append(table)
    for _, company in sorted(alike.items()):
        pairs: Iterable[tuple[ObjectId, ObjectId]]
        pairs = combinations(company, 2) if len(company) <= _MANY else pairwise(sorted(company))
        for one, other in pairs:
            yield one, other, STEM / sqrt(len(company) - 1)
    for (_, beginning), company in sorted(alike.items()):
        whole = [table for table in company if stems.stems(table.identity)[-1] == beginning]
        if whole and len(company) <= _MANY:
            yield from ((whole[0], table, MAIN) for table in company if table not in whole)


def _run_together(tables: Sequence[ObjectId]) -> Iterable[Reason]:
    """Names such as `messagecontent`, which begin with a table's name without a sign of it."""
    by_name = {
        (stems.schema(table.identity), "".join(stems.words(table.identity))): table
        for table in reversed(tables)
    }
    for (home, run), table in by_name.items():
        lengths = range(len(run) - 1, _TELLING - 1, -1)
        starts = (by_name.get((home, run[:length])) for length in lengths)
        start = next((one for one in starts if one is not None), None)
        if start is not None:
            yield start, table, STEM
