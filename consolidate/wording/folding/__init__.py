"""The authors' CREATE TABLE with what later statements changed merged in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pglast
from pglast import ast

from consolidate import names
from consolidate.wording import verbatim
from consolidate.wording.folding import clauses, columns, constraints
from consolidate.wording.folding.captions import remark
from consolidate.wording.folding.commands import NotFoldedError, merged
from consolidate.wording.folding.listing import read
from consolidate.wording.sequences import concise, of_column
from consolidate.wording.text import Span, replaced, tokens
from consolidate.wording.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.model import ObjectId, Statement
    from consolidate.truth import Truth
    from consolidate.wording.entries import Piece
    from consolidate.wording.folding.listing import Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A table in its author's words, brought up to date."""

    before: tuple[str, ...]
    """Statements that must come first, such as those of sequences of their own."""
    create: str
    """The CREATE TABLE with the author's comment above it."""
    after: tuple[str, ...]
    """What has to be a statement of its own."""
    members: frozenset[ObjectId]


def fold(
    truth: Truth,
    table: Piece,
    own: Sequence[Piece],
    lowered: frozenset[ObjectId],
    *,
    copied: bool,
) -> Folded | None:
    """The author's CREATE TABLE as it would be written today; None where that is a copy.

    Whether the text gives what the truth holds, the trial decides; what can be seen not to is
    not tried.

    Args:
        truth: Where the authors' statements are found.
        table: The table's entry.
        own: The entries that belong to it: sequences, defaults, constraints, keys.
        lowered: Its columns and constraints that are to stand in the server's words.
        copied: Whether the statement can be copied as it is.
    """
    definer = verbatim.defined_by(truth, table)
    if definer is None or not verbatim.plain_session(truth, definer):
        return None
    statement = truth.statements[definer]
    listing = read(statement.sql) if _is_plain(statement.tree) else None
    if listing is None:
        return None
    try:
        said = {""}
        for later in _changes(truth, table.object, statement):
            told = remark(verbatim.own_words(later, truth.previous.get(later.id)), later)
            listing = merged(listing, later, "" if told in said else told)
            said.add(told)
        listing = _settled(listing, table, own, lowered)
        if listing.sql != statement.sql:
            listing = listing.legible()
        create = _with_name(listing.sql, table.object)
    except (NotFoldedError, pglast.Error):  # the latter if what was spliced does not parse
        return None
    before, after = _around(table, own, listing)
    if (copied and create == statement.sql and not after) or not _agrees(listing, table, own):
        return None
    beside = truth.previous.get(statement.id), truth.following.get(statement.id)
    above, behind = verbatim.around(statement, *beside)
    return Folded(
        before=tuple(before),
        create=f"{above}{create}{behind}",
        after=tuple(after),
        members=frozenset({table.object, *(piece.object for piece in own)}),
    )


def _is_plain(tree: ast.Node | None) -> bool:
    """Whether a table's columns are all in its own list."""
    return isinstance(tree, ast.CreateStmt) and not (
        tree.inhRelations or tree.partbound or tree.ofTypename
    )


def _changes(truth: Truth, table: ObjectId, made: Statement) -> Iterator[Statement]:
    """The statements that changed the table later, in order.

    Raises:
        NotFoldedError: One ran in another session's names.
    """
    for touch in truth.trace.touches.get(table, ()):
        statement = truth.statements[touch.statement]
        if truth.order[touch.statement] <= truth.order[made.id]:
            continue
        if touch.tag in verbatim.HARMLESS_TAGS or isinstance(statement.tree, _TOLD_IN_THE_END):
            continue
        if not verbatim.plain_session(truth, touch.statement):
            raise NotFoldedError(statement.sql)
        yield statement


_TOLD_IN_THE_END = (
    *(ast.AlterOwnerStmt, ast.GrantStmt, ast.CommentStmt, ast.IndexStmt),
    *(ast.DoStmt, ast.SelectStmt, ast.CallStmt),
)
"""Statements that change nothing of the list, or of which only the server knows what."""


def _settled(
    listing: Listing, table: Piece, own: Sequence[Piece], lowered: frozenset[ObjectId]
) -> Listing:
    added = []
    for piece in own:
        if piece.type in {"CONSTRAINT", "FK CONSTRAINT"}:
            first = piece.statements[0]
            words = first[first.index("ADD CONSTRAINT ") + len("ADD ") :].rstrip(";\n")
            added.append((parsed(first).cmds[0].def_, words))
    wanted = constraints.of_server(read(table.statements[0]), added)
    listing = columns.settled(listing, table, own, lowered)
    listing = replace(listing, head=_with_persistence(listing.head, table.statements[0]))
    listing = replace(listing, tail=_with_options(listing.tail, table.statements[0]))
    return constraints.settled(listing, table.object, wanted, lowered)


def _with_persistence(head: str, server: str) -> str:
    """What stands before the list, of a table that is logged or not, as the truth has it."""
    wanted = parsed(server).relation.relpersistence == _UNLOGGED
    before, table = next(pair for pair in pairwise(tokens(head)) if pair[1].name == "TABLE")
    written = before.name == "UNLOGGED"
    if written == wanted:
        return head
    word = "UNLOGGED " if wanted else ""
    return f"{head[: before.start if written else table.start]}{word}{head[table.start :]}"


_UNLOGGED = "u"


def _with_options(tail: str, server: str) -> str:
    """What follows the list, with the storage parameters that the truth holds."""
    wanted = _options(server)
    listed = tokens(tail)
    ours = next((n for n, token in enumerate(listed) if token.name == "WITH"), None)
    if ours is None:
        if wanted is None:
            return tail
        behind = next((t.start for t in listed if t.name in _BEHIND_OPTIONS), len(tail))
        return f"{tail[:behind].rstrip()} {wanted} {tail[behind:]}".rstrip()
    end = next(t.end + 1 for t in listed[ours:] if t.name == "ASCII_41")
    if wanted is None:
        return tail[: listed[ours].start].rstrip() + tail[end:]
    return f"{tail[: listed[ours].start]}{wanted}{tail[end:]}"


_BEHIND_OPTIONS = {"ON", "TABLESPACE"}
"""Tokens that begin what follows the storage parameters."""


def _options(server: str) -> str | None:
    """The clause of the storage parameters in the server's words."""
    tree = parsed(server)
    if not tree.options:
        return None
    listed = tokens(server)
    begun = max(n for n, token in enumerate(listed) if token.name == "WITH")
    end = next(t.end + 1 for t in listed[begun:] if t.name == "ASCII_41")
    return server[listed[begun].start : end]


def _with_name(create: str, table: ObjectId) -> str:
    """The CREATE TABLE under today's name."""
    relation = parsed(create).relation
    inside = [t for t in tokens(create) if t.start >= relation.location]
    last = inside[2 * bool(relation.schemaname)]
    schema, bare = names.split(table.identity)
    if (relation.schemaname or "public", relation.relname) == (schema, bare):
        return create
    today = names.quote(bare)
    if relation.schemaname or schema != "public":
        today = table.identity
    return replaced(create, [(Span(relation.location, last.end + 1), today)])


def _agrees(listing: Listing, table: Piece, own: Sequence[Piece]) -> bool:
    """Whether the text has the truth's columns in their order, and no sequence beyond its own."""
    server = read(table.statements[0])
    sequences = {piece.object.identity for piece in own if piece.type == "SEQUENCE"}
    return (
        server is not None
        and listing.columns == server.columns
        and sequences.issuperset(_implied(listing, table.object))
    )


def _around(table: Piece, own: Sequence[Piece], listing: Listing) -> tuple[list[str], list[str]]:
    """What stands before and behind the CREATE TABLE: sequences of their own, and settings."""
    implied = _implied(listing, table.object)
    made = [
        piece
        for piece in own
        if piece.type == "SEQUENCE"
        and piece.object.identity not in implied
        and isinstance(parsed(piece.sql), ast.CreateSeqStmt)
    ]
    apart = {piece.object.identity for piece in made}
    after = [*table.statements[1:]]
    for piece in own:
        if piece.type == "SEQUENCE OWNED BY" and piece.object.identity in apart:
            after.append(piece.sql)
        if piece.type in {"CONSTRAINT", "FK CONSTRAINT"}:
            after += piece.statements[1:]
    return [concise(piece.sql) for piece in made], after


def _implied(listing: Listing, table: ObjectId) -> frozenset[str]:
    """The sequences that come with serial and identity columns without being named."""
    return frozenset(
        of_column(table, element.column)
        for element in listing.elements
        if element.column is not None
        and (
            clauses.counted(element)
            or any(c.is_identity and not c.options for c in clauses.clauses(element))
        )
    )
