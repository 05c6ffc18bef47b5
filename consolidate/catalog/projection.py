"""The second witness: every row of every system catalog, without knowing what they are about.

The server itself says which columns hold OIDs of what (`pg_get_catalog_foreign_keys()`, since
PostgreSQL 14) and what an OID is called (`pg_identify_object()`). So a kind of object, or a column,
that no query of ours has heard of shows up by itself, on built-in objects, too. Which columns have
no meaning is in `physical`.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from psycopg.errors import InternalError

from consolidate.catalog import known_rows, physical
from consolidate.catalog.facts import pinned
from consolidate.catalog.projecting import HASH, Catalog, Reference, described, hashes, query
from consolidate.model import Difference, DifferenceKind, ObjectId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import psycopg

    from consolidate.catalog.facts import Cursor
    from consolidate.catalog.known_rows import Known

    Row = Mapping[str, Any]
    _Pair = tuple[Row | None, Row | None]

_CATALOGS = """
SELECT c.relname, json_object_agg(a.attname, format_type(a.atttypid, NULL) ORDER BY a.attnum)
           FILTER (WHERE has_column_privilege(c.oid, a.attnum, 'SELECT')),
       coalesce(array_agg(a.attname::text ORDER BY a.attnum)
           FILTER (WHERE NOT has_column_privilege(c.oid, a.attnum, 'SELECT')), '{}')
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'
  AND a.attnum > 0 AND NOT a.attisdropped
GROUP BY c.relname ORDER BY c.relname
"""

_REFERENCES = """
SELECT fktable::regclass::text, fkcols, pktable::regclass::text, is_array
FROM pg_catalog.pg_get_catalog_foreign_keys()
"""

_OBJECTS = b"SELECT pg_catalog.pg_identify_object(%s::regclass, 1, 0)"


@dataclass(frozen=True, slots=True)
class Projection:
    """What the catalogs of one database hold."""

    major: int
    """PostgreSQL's major version; catalogs of different majors are never compared."""
    rows: Mapping[str, str]
    """By catalog, a line of JSON for each row, sorted: kind and identity of the object that it is
    or is about, and what counts of its columns."""
    kinds: frozenset[str] = frozenset()
    """Of the objects that were made: neither built in, nor a part of an extension or of another
    object. Not compared."""
    hidden: frozenset[tuple[str, str]] = frozenset()
    """Columns, as (catalog, column), that could not be read for want of rights."""

    def __len__(self) -> int:
        """How many rows."""
        return sum(text.count("\n") + 1 for text in self.rows.values() if text)


def read(connection: psycopg.Connection) -> Projection:
    """Projects the connected database, with what its cluster shares, in a transaction of its own.

    Args:
        connection: Outside a transaction. What its role may not read is left out, and named.

    Raises:
        psycopg.Error: The server refuses; in particular inside an open transaction.
    """
    with pinned(connection) as cursor:
        return _projected(cursor)


def _projected(cursor: Cursor) -> Projection:
    catalogs, hidden = _catalogs(cursor.connection)

    def read(known: Known) -> tuple[dict[str, str], set[str]]:
        rows: dict[str, str] = {}
        kinds: set[str] = set()
        for catalog in catalogs:
            lines, found = _lines_of(cursor, catalog, known[catalog.name])
            rows[catalog.name] = "\n".join(sorted(lines))
            kinds |= found
        return rows, kinds

    rows, kinds = read(known_rows.of(cursor, read))
    major = cursor.connection.info.server_version // 10000
    return Projection(major=major, rows=rows, kinds=frozenset(kinds), hidden=hidden)


def _lines_of(
    cursor: Cursor, catalog: Catalog, known: dict[str, str]
) -> tuple[list[str], set[str]]:
    """A catalog's rows as lines, and the kinds of objects among them that somebody made.

    Args:
        cursor: In a transaction with pinned settings.
        catalog: What to project.
        known: Lines by hash; what is found is added.
    """
    cursor.execute(hashes(catalog).encode(), prepare=False)
    ((text,),) = cursor.fetchall()  # thousands of rows would take longer than what is in them
    fixed = [text[at : at + HASH] for at in range(0, len(text), HASH)]
    again = not known.keys() >= set(fixed)
    cursor.execute(query(catalog, fixed=again).encode(), prepare=False)
    found = cursor.fetchall()
    lines = [line for line, _, _ in found]
    if again:
        read = {hashed: line for line, _, hashed in found if hashed is not None}
        # at once, for another thread may read them; the rest is of toast tables, not projected
        known |= dict.fromkeys(fixed, "") | read
    else:
        lines += [line for hashed in fixed if (line := known[hashed])]
    return lines, {kind for _, kind, _ in found if kind is not None}


def _catalogs(
    connection: psycopg.Connection,
) -> tuple[list[Catalog], frozenset[tuple[str, str]]]:
    references: dict[str, list[Reference]] = defaultdict(list)
    for name, columns, target, is_array in connection.execute(_REFERENCES).fetchall():
        references[name].append(Reference(tuple(columns), target, is_array))
    catalogs: list[Catalog] = []
    hidden: set[tuple[str, str]] = set()
    for name, columns, unreadable in connection.execute(_CATALOGS).fetchall():
        if name in physical.CATALOGS:
            continue
        hidden |= {(name, column) for column in unreadable}
        if columns:
            catalogs.append(
                described(
                    name,
                    tuple(columns.items()),
                    tuple(r for r in references[name] if set(r.columns) <= columns.keys()),
                    has_objects="oid" in columns and _has_objects(connection, name),
                )
            )
    return catalogs, frozenset(hidden)


def _has_objects(connection: psycopg.Connection, name: str) -> bool:
    """Whether the server knows the rows of a catalog as objects; of others it says so.

    That stands in its program, so each version is asked once.
    """
    known = _HAVE_OBJECTS.setdefault(connection.info.server_version, {})
    if name not in known:
        try:
            with connection.transaction():
                connection.execute(_OBJECTS, (f"pg_catalog.{name}",))
        except InternalError:
            known[name] = False
        else:
            known[name] = True
    return known[name]


_HAVE_OBJECTS: dict[int, dict[str, bool]] = {}


def compare(left: Projection, right: Projection) -> tuple[Difference, ...]:
    """All differences between the truth (left) and what was built (right), in a fixed order.

    The attribute is `catalog.column`, or the catalog alone where one side lacks the whole row. What
    one of the sides could not read is not compared.

    Raises:
        ValueError: The projections come from different major versions.
    """
    if left.major != right.major:
        message = f"PostgreSQL {left.major} and {right.major} do not compare"
        raise ValueError(message)
    hidden = left.hidden | right.hidden
    found: list[Difference] = []
    for name in sorted(left.rows.keys() & right.rows.keys()):
        if left.rows[name] != right.rows[name]:
            unseen = {column for catalog, column in hidden if catalog == name}
            one, two = (_lines(side.rows[name], unseen) for side in (left, right))
            found += _of_catalog(name, one - two, two - one)
    return tuple(sorted(found, key=lambda one: (one.object, one.attribute)))


def _lines(text: str, unseen: set[str]) -> Counter[str]:
    lines = text.split("\n") if text else []  # no other line end is escaped in JSON
    if unseen:
        lines = [_without(line, unseen) for line in lines]
    return Counter(lines)


def _without(line: str, unseen: set[str]) -> str:
    kind, identity, row = json.loads(line)
    return json.dumps([kind, identity, {c: v for c, v in row.items() if c not in unseen}])


def _of_catalog(name: str, ours: Counter[str], theirs: Counter[str]) -> Iterator[Difference]:
    left, right = _by_object(ours.elements()), _by_object(theirs.elements())
    for about in sorted(left.keys() | right.keys()):
        one, two = left.get(about, []), right.get(about, [])
        for row, other in _paired(one, two):
            if row is not None and other is not None:
                yield from _of_row(name, about, row, other)
            elif row is not None:
                yield _whole(DifferenceKind.MISSING, name, about, row)
            elif other is not None:
                yield _whole(DifferenceKind.EXTRA, name, about, other)


def _paired(left: Sequence[Row], right: Sequence[Row]) -> Iterator[_Pair]:
    """Each row with the one that shares most with it, then those that are left, without one."""
    ours, theirs = set(range(len(left))), set(range(len(right)))
    near = sorted(product(ours, theirs), key=lambda at: len(_unequal(left[at[0]], right[at[1]])))
    for one, two in near:
        if one in ours and two in theirs:
            ours.remove(one)
            theirs.remove(two)
            yield left[one], right[two]
    yield from ((left[one], None) for one in sorted(ours))
    yield from ((None, right[two]) for two in sorted(theirs))


def _unequal(left: Row, right: Row) -> list[str]:
    return [c for c in sorted(left.keys() | right.keys()) if left.get(c) != right.get(c)]


def _by_object(lines: Iterable[str]) -> Mapping[ObjectId, list[Row]]:
    found: dict[ObjectId, list[Row]] = defaultdict(list)
    for line in sorted(lines):
        kind, identity, row = json.loads(line)
        found[ObjectId(kind, identity)].append(row)
    return found


def _of_row(name: str, about: ObjectId, left: Row, right: Row) -> Iterator[Difference]:
    for column in _unequal(left, right):
        yield Difference(
            kind=DifferenceKind.CHANGED,
            object=about,
            attribute=f"{name}.{column}",
            left=_text(left.get(column)),
            right=_text(right.get(column)),
        )


def _whole(kind: DifferenceKind, name: str, about: ObjectId, row: Row) -> Difference:
    told = ", ".join(f"{c}={_text(v)}" for c, v in row.items() if v not in (None, "", []))
    return Difference(
        kind=kind,
        object=about,
        attribute=name,
        left=told if kind is DifferenceKind.MISSING else None,
        right=told if kind is DifferenceKind.EXTRA else None,
    )


def _text(value: Any) -> str:  # noqa: ANN401 - as free as JSON
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
