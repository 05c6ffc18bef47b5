"""What a random history has made so far: as much of it as the next statement must know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from consolidate.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = ("reader", "writer")
"""They are there before the history and outlive it, as roles are the cluster's."""


@dataclass(eq=False, slots=True)
class Named:
    """An object with a schema. No two of a history have one name, whatever their kind."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{quote(self.schema)}.{quote(self.name)}"


@dataclass(eq=False, slots=True)
class Enum(Named):
    """An enum type."""

    labels: list[str]


@dataclass(eq=False, slots=True)
class Function(Named):
    """A function of one integer that gives one."""


@dataclass(eq=False, slots=True)
class Sequence(Named):
    """A sequence that nothing uses."""


@dataclass(eq=False, slots=True)
class Column:
    """A column that may be altered and dropped."""

    name: str
    type: str | Enum
    default: Function | str | None = None
    not_null: bool = False
    generated: bool = False
    references: Table | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it may hold any value of its type."""
        return not self.generated and self.references is None


@dataclass(eq=False, slots=True)
class Constraint:
    """A check or key by its name; a foreign key has another table."""

    name: str
    column: Column


@dataclass(eq=False, slots=True)
class Index:
    """An index that is no constraint's."""

    name: str
    column: Column


@dataclass(eq=False, slots=True)
class Table(Named):
    """A table; its key is an integer that no two rows share, and is never dropped or retyped."""

    key: Column
    columns: list[Column] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)

    def drop(self, column: Column) -> None:
        """What goes with a column goes with it."""
        self.columns.remove(column)
        self.constraints = [made for made in self.constraints if made.column is not column]
        self.indexes = [made for made in self.indexes if made.column is not column]


@dataclass(eq=False, slots=True)
class View(Named):
    """A view of a table's key and of some of its columns, or a materialized one."""

    table: Table
    columns: list[Column]
    shown: list[str]
    """The view's own columns; they keep the names that the table's had."""
    materialized: bool

    @property
    def word(self) -> str:
        """What it is called in SQL."""
        return "MATERIALIZED VIEW" if self.materialized else "VIEW"


OfTable: TypeAlias = "tuple[Table, Column]"


@dataclass(eq=False, slots=True)
class Model:
    """All of it."""

    schemas: list[str] = field(default_factory=lambda: ["public"])
    tables: list[Table] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    sequences: list[Sequence] = field(default_factory=list)
    numbers: int = 0
    """How many were handed out, for names and for values."""
    free: list[str] = field(default_factory=list)
    """Names that something had and has no more."""

    def number(self) -> int:
        """One that was not handed out before."""
        self.numbers += 1
        return self.numbers

    def columns(self) -> list[OfTable]:
        """Those that are no keys."""
        return [(table, column) for table in self.tables for column in table.columns]

    def loose(self) -> list[OfTable]:
        """Columns that no view shows, so that they may be dropped and retyped."""
        shown = {id(column) for view in self.views for column in view.columns}
        return [(table, column) for table, column in self.columns() if id(column) not in shown]

    def unneeded_tables(self) -> list[Table]:
        """Those that no view and no other table needs."""
        needed = {id(view.table) for view in self.views}
        needed |= {id(c.references) for t, c in self.columns() if c.references is not t}
        return [table for table in self.tables if id(table) not in needed]

    def unneeded_enums(self) -> list[Enum]:
        """Those that are no column's type."""
        needed = {id(column.type) for _, column in self.columns()}
        return [enum for enum in self.enums if id(enum) not in needed]

    def unneeded_functions(self) -> list[Function]:
        """Those that no default calls."""
        needed = {id(column.default) for _, column in self.columns()}
        return [function for function in self.functions if id(function) not in needed]

    def referable(self) -> Iterator[Table]:
        """Tables whose key is a primary one."""
        for table in self.tables:
            if any(made.column is table.key for made in table.constraints):
                yield table
