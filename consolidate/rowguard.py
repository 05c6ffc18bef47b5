"""Guards: what a rollback checks before it drops or deletes a row.

Rows that the history put there itself, and that nobody changed since, are no loss. Anything else
stops the rollback before it has done anything, unless `consolidate.allow_data_loss` is `on`. What
tables, columns, keys and partitions there are is read when the rollback runs: some may be new.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.wording import conditions

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Column, Row, Table, TableRows
    from consolidate.model import ObjectId

ALL_ROWS = """\
-- A row that a policy hides is an error, not a row that is left.
SET LOCAL row_security = off;"""
"""Said before rows go, for what is said within the guard's block ends there where it fails."""

LISTED = 1000
"""As many rows of a table are told apart; of more, one digest tells only whether all are as they
were."""


def digest(cells: Iterable[str | None]) -> str:
    """What a row is known by: the start of the MD5 of its text, as `md5(ROW(…)::text)` has it.

    `record_out()` leaves NULL away, and quotes what is empty or holds one of its own characters.
    """
    text = ",".join("" if cell is None else _in_record(cell) for cell in cells)
    return hashlib.md5(f"({text})".encode(), usedforsecurity=False).hexdigest()[:16]


def _in_record(cell: str) -> str:
    if cell and not _SPECIAL.search(cell):
        return cell
    doubled = cell.replace("\\", "\\\\").replace('"', '""')
    return f'"{doubled}"'


_SPECIAL = re.compile(r'["\\(), \t\n\r\v\f]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Rows of a table as they stand when nobody else wrote to it."""

    relation: str
    goes: str
    """What becomes of them: `dropped` with their table, `emptied` with all others there, `deleted`,
    or `changed` back; or what stands in a column is `cut` off with it, or by its former type; or
    they are `outside` of the bound that a partition gets back; or they stay there, as it is
    `detached` from what is dropped; or they have `taken` the key of one that comes back. Only
    `some` are deleted or changed where no more are taken, however many are alike."""
    told: tuple[str, ...] = ()
    """The expressions by which a row is told."""
    rest: tuple[str, ...] = ()
    """Those in which it may have been changed."""
    apart: tuple[str, ...] = ()
    """The columns of which nothing is known for good; of `cut`, the column; of `changed`, those
    that are put back."""
    place: str = ""
    """The condition that they fulfil; of `cut`, `outside` and `taken`."""
    whole: str = ""
    """Their number and digest, where they are too many to be listed."""
    rows: tuple[str, ...] = ()
    """The digest of each, that of its rest appended."""


def contents(digests: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """What a guard is told of some rows: all at once, or each of them."""
    listed = tuple(sorted(digests))
    if len(listed) <= LISTED:
        return "", listed
    joined = hashlib.md5("".join(listed).encode(), usedforsecurity=False).hexdigest()
    return f"{len(listed)}:{joined}", ()


def whole_table(held: TableRows, volatile: Container[tuple[str, str]]) -> Known:
    """All rows of a table, to be dropped with it."""
    table = held.table
    relation = table.object.identity
    if not held.rows:
        return Known(relation=relation, goes="dropped")
    columns = [(n, c) for n, c in enumerate(table.columns) if not c.generated]
    hidden = [(n, c) for n, c in columns if (relation, c.name) in volatile]
    plain = [(n, c) for n, c in columns if (relation, c.name) not in volatile]
    whole, rows = contents(
        digest([*(row[n] for n, _ in plain), *(_is_null(row[n]) for n, _ in hidden)])
        for row in held.rows
    )
    return Known(
        relation=relation,
        goes="dropped",
        told=(*(c.quoted for _, c in plain), *(f"{c.quoted} IS NULL" for _, c in hidden)),
        apart=tuple(
            c.quoted for c in table.columns if c.generated or (relation, c.name) in volatile
        ),
        whole=whole,
        rows=rows,
    )


def _is_null(cell: str | None) -> str:
    return "t" if cell is None else "f"


@dataclass(frozen=True, slots=True)
class Written:
    """A row that a file wrote into a table that stays, by what is the same on every replay."""

    table: Table
    known: tuple[tuple[Column, str | None], ...]
    """Every column whose cell is not volatile, with the cell."""
    key: frozenset[str]
    """The columns (quoted) that tell the row; empty: only all of them together do."""
    back: tuple[str, ...] = ()
    """The columns (quoted) that are put back; none: the row itself goes."""
    hidden: tuple[tuple[str, bool], ...] = ()
    """Each volatile column (quoted), and whether its cell is NULL."""
    some: bool = False
    """Whether no more rows are taken than were written, however many are like it."""

    @property
    def place(self) -> str:
        """The condition that finds the row."""
        told = [cell for cell in self.known if not self.key or cell[0].quoted in self.key]
        said = [conditions.exactly(*cell, keyed=bool(self.key)) for cell in told]
        if not self.key:
            said += [f"{name} IS {'' if null else 'NOT '}NULL" for name, null in self.hidden]
        return " AND ".join(said) or "true"

    @property
    def _cells(self) -> Iterator[tuple[str, str | None, bool]]:
        """Each expression that is known of it, its value, and whether it tells the row."""
        for column, cell in self.known:
            yield column.quoted, cell, not self.key or column.quoted in self.key
        for quoted, null in self.hidden:
            yield f"{quoted} IS NULL", "t" if null else "f", not self.key

    @property
    def told(self) -> tuple[str, ...]:
        """The expressions that tell the row."""
        return tuple(name for name, _, tells in self._cells if tells)

    @property
    def rest(self) -> tuple[str, ...]:
        """The expressions that may have become others since."""
        return tuple(name for name, _, tells in self._cells if not tells)

    @property
    def digest(self) -> str:
        """What it is known by."""
        told = digest(cell for _, cell, tells in self._cells if tells)
        return told + (
            digest(cell for _, cell, tells in self._cells if not tells) if self.rest else ""
        )


def written(
    table: Table, row: Row, volatile: Container[tuple[str, str]], drawn: Container[str] = ()
) -> Written:
    """What is known of a row for good.

    Args:
        table: Its table.
        row: The row.
        volatile: Columns with a cell that differs from replay to replay.
        drawn: The names of columns whose values were drawn, and may be of another row elsewhere.
    """
    relation = table.object.identity
    known = {}
    hidden = []
    for column, cell in zip(table.columns, row, strict=True):
        if (relation, column.name) in volatile:
            hidden.append((column.quoted, cell is None))
        elif column.name not in drawn:
            known[column.name] = (column, cell)
    key: frozenset[str] = frozenset()
    for named in (table.primary_key, *table.unique_keys):
        if named and all(name in known and known[name][1] is not None for name in named):
            key = frozenset(known[name][0].quoted for name in named)
            break
    return Written(table, tuple(known.values()), key, hidden=tuple(hidden))


def changed(
    table: Table, row: Row, columns: Collection[Column], volatile: Container[tuple[str, str]]
) -> Written:
    """What is known for good of a row of which only some columns are put back."""
    found = written(table, row, volatile)
    told = {*found.key, *(column.quoted for column in columns)}
    known = tuple(cell for cell in found.known if not found.key or cell[0].quoted in told)
    hidden = () if found.key else found.hidden
    return Written(table, known, found.key, tuple(column.quoted for column in columns), hidden)


def guard(
    dropped: Iterable[Known],
    rows: Iterable[Written] = (),
    held: Mapping[str, TableRows] | None = None,
    keys: Iterable[ObjectId] = (),
) -> list[str]:
    """The statement that stops a rollback before it loses what is not of this history.

    Args:
        dropped: Tables that it drops or empties, and columns that it cuts.
        rows: The rows that it deletes from tables that stay, or changes back.
        held: The tables as they are when nobody else wrote to them, by their identities.
        keys: Foreign keys that it drops from tables that stay, so that they are not in the way.
    """
    known = [*dropped, *_known(rows, held or {})]
    empty = [one for one in known if one == Known(relation=one.relation, goes="dropped")]
    filled = [one for one in known if one not in empty]
    parts = []
    if filled:
        parts.append("\n".join(["        VALUES", ",\n".join(_listed(filled)), ""]))
    if empty:
        listed = ",\n".join(f"            {names.literal(one.relation)}" for one in empty)
        parts.append(_EMPTY.replace("{tables}", listed))
    if not parts:
        return []
    text = _text()
    if all(
        one.goes in {"dropped", "cut", "outside", "detached", "taken"} for one in known
    ):  # a DROP fails where keys point at it
        text = _POINTING.sub("", text)
    if not any(one.goes == "cut" for one in known):
        text = _READING.sub("", text)
    if not any(one.goes == "taken" for one in known):
        text = _TAKEN.sub("", text)
    if not any(one.goes == "detached" for one in known):
        text = _STAYING.sub("", text)
    spared = ",\n".join(f"                        ({_key(key)})" for key in sorted(keys))
    text = text.replace("{keys}", f"VALUES\n{spared}") if spared else _KEYS.sub("", text)
    head, tail = text.split("{known}\n")
    block = names.retagged(head + "        UNION ALL\n".join(parts) + tail, "guard")
    return [f"{block}\n{_GUARDED}"]


_GUARDED = """\
DO $guarded$
BEGIN
    IF current_setting('consolidate.guard', true) IS DISTINCT FROM 'passed'
        AND current_setting('transaction_read_only') = 'off' THEN
        RAISE WARNING 'the error of the guard was forgotten by a savepoint: this session ends here';
        PERFORM pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid());
    END IF;
    PERFORM set_config('consolidate.guard', '', true);
END
$guarded$;"""
"""Reached without the guard's leave only by who rolls back to a savepoint, as psql does by itself
with ON_ERROR_ROLLBACK. Nothing weaker lasts: a transaction that a statement behind a savepoint made
read-only is so no longer when that is released. Without a transaction all is read-only anyhow."""


_POINTING = re.compile(
    r"    before int;\n"
    r"|    -- Rows that point at those which go or change:.*?"
    r"(?=    PERFORM set_config\('search_path', path)",
    re.DOTALL,
)
"""What of the guard looks for rows that go along with others, or are altered with them."""

_READING = re.compile(
    r"    spot tid;\n"
    r"|    -- Values that the former type of their column can not read:.*?"
    r"(?=    -- Rows, each held)",
    re.DOTALL,
)
"""What of it tries the casts to former types."""


def _key(key: ObjectId) -> str:
    own, table = names.parted(key.identity, " on ")
    name, relation = names.literal(names.split(own)[0]), names.literal(table)
    return f"{name}, coalesce(to_regclass({relation})::oid, 0)"


_KEYS = re.compile(r" +AND \(conname, conrelid\) NOT IN \(\{keys\}\)\n")

_TAKEN = re.compile(
    r" +WHERE goes <> 'taken'\n"
    r"|    -- Rows that hold the key of one which comes back\..*?"
    r"(?=    -- Partitions and children)",
    re.DOTALL,
)
"""What of it looks for rows that are where others come back."""

_STAYING = re.compile(
    r"    staying oid\[\];[^\n]*\n"
    r"|    staying :=.*?<> 'detached'\);\n"
    r"| +WHERE inhrelid <> ALL \(staying\)\n",
    re.DOTALL,
)
"""What of it passes over partitions that are detached."""

_EMPTY = """\
        SELECT unnest(ARRAY[
{tables}
        ]), 'dropped', '{}'::text[], '{}'::text[], '{}'::text[], '', '', '{}'::text[]
"""


def is_guard(sql: str) -> bool:
    """Whether a statement is one of these."""
    return sql.startswith("DO $guard")


@cache
def _text() -> str:
    return files("consolidate").joinpath("rowguard.sql").read_text(encoding="utf-8").rstrip("\n")


def _listed(known: Iterable[Known]) -> Iterator[str]:
    """What is known, each as a line of VALUES; the first says of which type its columns are."""
    cast = "::text[]"
    for one in known:
        relation, goes, place, whole = map(
            names.literal, (one.relation, one.goes, one.place, one.whole)
        )
        lists = (one.told, one.rest, one.apart, one.rows)
        told, rest, apart, rows = (f"{_array(items)}{cast}" for items in lists)
        yield f"        ({relation}, {goes}, {told}, {rest}, {apart}, {place}, {whole}, {rows})"
        cast = ""


def _array(items: Sequence[str]) -> str:
    """A constant that is an array of texts."""
    return names.literal("{" + ",".join(map(_element, items)) + "}")


def _element(item: str) -> str:
    if _PLAIN.fullmatch(item) and item.upper() != "NULL":
        return item
    escaped = item.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_PLAIN = re.compile(r"\w+( \w+)*", re.ASCII)


def _known(rows: Iterable[Written], held: Mapping[str, TableRows]) -> Iterator[Known]:
    """The rows of tables that stay, those together of which the same is known."""
    alike: dict[tuple[object, ...], list[Written]] = defaultdict(list)
    for row in rows:
        alike[row.table.object.identity, row.back, row.told, row.rest, row.some].append(row)
    for own in alike.values():
        first = own[0]
        relation = first.table.object.identity
        digests = [row.digest for row in own]
        if not first.key and relation in held:  # others of this history may look like them
            digests = [*_like(first, {*digests}, held[relation])]
        named = {*first.told, *first.rest}
        yield Known(
            relation=relation,
            goes=("some " if first.some else "") + ("changed" if first.back else "deleted"),
            told=first.told,
            rest=first.rest,
            apart=first.back
            or tuple(c.quoted for c in first.table.columns if c.quoted not in named),
            rows=tuple(sorted(digests)),
        )


def _like(first: Written, digests: Collection[str], held: TableRows) -> Iterator[str]:
    """The digest of each row that looks like one of those."""
    places = {c.quoted: n for n, c in enumerate(held.table.columns)}
    plain = [places[column.quoted] for column, _ in first.known]
    hidden = [places[quoted] for quoted, _ in first.hidden]
    for row in held.rows:
        found = digest([*(row[n] for n in plain), *(_is_null(row[n]) for n in hidden)])
        if found in digests:
            yield found
