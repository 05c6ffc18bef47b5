"""Brings the columns of a CREATE TABLE in line with what PostgreSQL once named after them.

The sequence of a serial column and, since PostgreSQL 18, a NOT NULL constraint are named when they
are made. Where the table or the column was renamed since, the names have to be said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pglast import ast

from consolidate import names
from consolidate.model import ObjectId
from consolidate.wording import sequences
from consolidate.wording.folding import clauses
from consolidate.wording.folding.listing import read
from consolidate.wording.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.wording.entries import Piece
    from consolidate.wording.folding.listing import Element, Listing


def settled(
    listing: Listing, table: Piece, own: Sequence[Piece], lowered: frozenset[ObjectId]
) -> Listing:
    """The list with the columns that the truth holds, and the names that are theirs.

    Where the authors' statements do not tell of a column, as it was made in a DO block, or not of
    its default, it stands in the server's words.

    Args:
        listing: The CREATE TABLE, in today's column names.
        table: The table's entry.
        own: The entries that belong to it.
        lowered: Columns that are to stand in the server's words.
    """
    server = _Server(table, own)
    for gone in [e for e in listing.elements if e.column and e.column not in server.columns]:
        listing = listing.without(gone)
    for place, column in enumerate(server.columns):
        before = listing.of(column)
        if before is None:
            listing = listing.with_column(server.words(column), place=place)
            continue
        element = before
        if server.object(column) in lowered or server.differs(element):
            element = replace(element, text=server.words(column))
        listing = listing.exchanged(before, server.named(element))
    return listing


class _Server:
    """What the server tells of the columns of a table."""

    def __init__(self, table: Piece, own: Sequence[Piece]) -> None:
        self._table = table.object
        self._listing = read(table.statements[0])
        self._sequences = {p.object.identity: p.sql for p in own if p.type == "SEQUENCE"}
        self._owned = {p.object.identity for p in own if p.type == "SEQUENCE OWNED BY"}
        self._defaults = dict(_defaults(own))
        self._identities = dict(_identities(own))
        self._apart = self._defaults.keys() | self._identities.keys()
        self.columns = self._listing.columns if self._listing else ()

    def object(self, column: str) -> ObjectId:
        return ObjectId("table column", f"{self._table.identity}.{names.quote(column)}")

    def words(self, column: str) -> str:
        """The column with its default, as the server puts it."""
        element = self._element(column)
        if column in self._defaults:
            element = clauses.with_default(element, self._defaults[column])
        return element.text

    def differs(self, element: Element) -> bool:
        """Whether just one of both has a default, is generated, or counts by itself."""
        column = element.column or ""
        ours = _fills(element) or clauses.counted(element) is not None
        return ours != (_fills(self._element(column)) or column in self._apart)

    def named(self, element: Element) -> Element:
        """The column with the names that PostgreSQL once made up and would not make up today."""
        column = element.column or ""
        named = sequences.of_column(self._table, column)
        if clauses.type_name(element) != clauses.type_name(
            self._element(column)
        ) and not clauses.counted(element):
            element = clauses.with_type(element, clauses.type_of(self._element(column)))
        if clauses.counted(element) and named not in self._sequences:
            element = clauses.without_sequence(element)
            element = clauses.with_default(element, self._defaults.get(column))
        counting = [c for c in clauses.clauses(element) if c.is_identity]
        if counting and named not in self._sequences:
            element = clauses.with_identity(element, self._identities.get(column, ""))
        required = [c for c in clauses.clauses(self._element(column)) if c.is_nullness]
        if required and named in self._owned and not clauses.counted(element):
            element = self._counting(element, named)
        for clause in required:
            if clause.name:
                element = clauses.with_named_nullness(element, clause.name)
        return element

    def _counting(self, element: Element, named: str) -> Element:
        """A serial column instead of the three statements that `pg_dump` makes of one."""
        column = element.column or ""
        serial = sequences.serial(
            self._table,
            column,
            clauses.type_of(self._element(column)),
            self._defaults.get(column, ""),
            self._sequences[named],
        )
        if serial is None:
            return element
        bare = clauses.with_default(clauses.with_nullness(element, required=False), None)
        return clauses.with_type(bare, serial)

    def _element(self, column: str) -> Element:
        found = self._listing.of(column) if self._listing else None
        if found is None:
            raise KeyError(column)
        return found


def _fills(column: Element) -> bool:
    return any(clause.fills for clause in clauses.clauses(column))


def _identities(own: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """Identity columns with the server's words for how they count."""
    for piece in own:
        if piece.type == "SEQUENCE" and isinstance(parsed(piece.sql), ast.AlterTableStmt):
            words = piece.sql.partition(" ADD ")[2].rstrip(";\n")
            yield parsed(piece.sql).cmds[0].name, " ".join(words.split())


def _defaults(own: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """Columns with the server's text of a default that stands apart."""
    for piece in own:
        if piece.type == "DEFAULT":
            words = piece.sql.partition(" SET DEFAULT ")[2].rstrip(";\n")
            yield parsed(piece.sql).cmds[0].name, words
