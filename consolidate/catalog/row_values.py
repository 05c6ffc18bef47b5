"""The rows of a database as frozen values, before and after volatile cells are marked.

Nothing here reads a server or compares anything; `rows` is the module to import from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.model import ObjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a stored table, generated ones included."""

    name: str
    quoted: str
    """As `quote_ident()` spells it."""
    type: str
    """As `format_type()` spells it, with modifiers and, for users' types, the schema."""
    base: str
    """Like `type`, without modifiers, and a domain's innermost type instead of the domain."""
    generated: bool
    """Stored or virtual: an INSERT can not give it a value."""
    identity: bool
    """`GENERATED … AS IDENTITY`."""
    deterministic: bool = True
    """Whether its collation tells texts apart that are written otherwise, as most do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """Columns that point at the row of a table (the root one, where it is partitioned)."""

    columns: tuple[str, ...]
    references: str
    """The identity of the referenced table."""
    referenced_columns: tuple[str, ...]
    cascades: bool = False
    """ON UPDATE CASCADE: they follow the key that they point at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What one needs to know about a table to make sense of its rows."""

    object: ObjectId
    """Kind `table` or `materialized view`."""
    root: str
    """The identity of the partitioned table at the top, or the table's own."""
    columns: tuple[Column, ...]
    """In physical order."""
    primary_key: tuple[str, ...]
    unique_keys: tuple[tuple[str, ...], ...]
    """Of constraints and of plain unique indexes, without the primary key; partial indexes and
    those on expressions are not keys of a table."""
    foreign_keys: tuple[ForeignKey, ...]
    populated: bool = True
    """False only for a materialized view that was never refreshed: it has no rows to read."""


Row: TypeAlias = tuple[str | None, ...]
"""The cells of a row in the order of the table's columns; None is NULL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRows:
    """All rows of one table, in the order in which they lie on disk.

    A tuple, or for a large table what reads them from a file each time (see `spools`).
    """

    table: Table
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class SequencePosition:
    """Where a sequence stands."""

    identity: str
    last_value: int
    is_called: bool
    """False: the next `nextval()` returns `last_value` itself."""
    volatile: bool = False
    """Whether two replays left it at different positions; set by `mark`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Every row and every sequence position of one database."""

    tables: tuple[TableRows, ...]
    """Sorted by object."""
    sequences: tuple[SequencePosition, ...]
    """Sorted by identity."""
    today: str = ""
    """The server's date in UTC when the rows were read, such as `2025-07-13`; empty: not read."""


@dataclass(frozen=True, slots=True)
class Volatile:
    """A cell that is not NULL, but whose text is another one on every replay."""

    name: str
    """What the clean replay held. Only good for telling which cells hold the same value."""
    type: str
    """The column's `type`."""


@dataclass(frozen=True, slots=True)
class JsonLeaf:
    """A scalar inside a json value that is another one on every replay."""

    path: str
    """Such as `$.rooms[*].id`; an array's elements share a path."""
    name: str
    """What the clean replay held, as JSON text (a string keeps its quotes)."""
    kind: str
    """`string`, `number` or `boolean`."""


@dataclass(frozen=True, slots=True)
class VolatileJson:
    """A json or jsonb cell of which only some leaves are volatile.

    The parts, put together with every leaf's `name`, are the text of the clean replay.
    """

    parts: tuple[str | JsonLeaf, ...]
    type: str
    """The column's `type`."""

    @property
    def name(self) -> str:
        """The text of the clean replay."""
        return "".join(p if isinstance(p, str) else p.name for p in self.parts)

    @property
    def leaves(self) -> tuple[JsonLeaf, ...]:
        """The volatile ones, in order."""
        return tuple(p for p in self.parts if isinstance(p, JsonLeaf))


Cell: TypeAlias = str | Volatile | VolatileJson | None
"""A `str` or None means what it says on every replay; the others do not."""

MarkedRow: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedTable:
    """The rows of the clean replay, volatile cells marked."""

    table: Table
    rows: Sequence[MarkedRow]
    """A tuple, or for a large table what marks them as it reads them."""
    unaligned: str = ""
    """Why the rows of the two replays could not be matched, if they could not: then no cell is
    marked, and a comparison only counts rows and NULLs."""
    unstable: tuple[str, ...] = ()
    """Columns (quoted) in which a cell is NULL in one replay only. Such a cell is not marked, so
    its clean value is compared strictly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedRows:
    """What `mark` makes of two replays of one history."""

    tables: tuple[MarkedTable, ...]
    """Sorted by object; those of the clean replay."""
    sequences: tuple[SequencePosition, ...]
    notes: tuple[str, ...] = ()
    """Tables and sequences that only the other replay has, one line each."""
