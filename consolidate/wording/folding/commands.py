"""Merges one later statement into a CREATE TABLE."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import AlterTableType, ObjectType

from consolidate import names
from consolidate.wording.folding import clauses, constraints
from consolidate.wording.folding.listing import commented
from consolidate.wording.text import Span, replaced, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pglast.parser import Token

    from consolidate.model import Statement
    from consolidate.wording.folding.listing import Element, Listing

_OPEN = {"ASCII_40", "ASCII_91"}
_CLOSE = {"ASCII_41", "ASCII_93"}
_COMMA = "ASCII_44"
_DOT = "ASCII_46"


class NotFoldedError(Exception):
    """A statement says something that is not merged."""


@dataclass(frozen=True, slots=True)
class _Command:
    """One command of an ALTER TABLE."""

    node: ast.AlterTableCmd
    sql: str
    """Its words."""
    remark: str
    """The author's comment on the statement."""

    @property
    def kind(self) -> AlterTableType:
        """What it does."""
        return AlterTableType(self.node.subtype or 0)

    def after(self, *keywords: str) -> str:
        """The words behind the first such keywords that follow each other."""
        listed = tokens(self.sql)
        for number in range(len(listed)):
            found = tuple(token.name for token in listed[number : number + len(keywords)])
            if found == keywords:
                return self.sql[listed[number + len(keywords) - 1].end + 1 :].strip()
        raise NotFoldedError(self.sql)


def merged(listing: Listing, statement: Statement, remark: str) -> Listing:
    """The CREATE TABLE as if it had been written after the statement.

    Args:
        listing: The CREATE TABLE so far.
        statement: An ALTER TABLE of the same table.
        remark: The author's comment on it, line by line.

    Raises:
        NotFoldedError: The statement does something else.
    """
    match statement.tree:
        case ast.AlterTableStmt():
            for command in _commands(statement, remark):
                change = _CHANGES.get(command.kind)
                if command.kind in _OF_COLUMNS and listing.of(command.node.name or "") is None:
                    continue  # made in a DO block: the server has the word on it in the end
                if change is not None:
                    listing = change(listing, command)
                elif command.kind not in ELSEWHERE:
                    raise NotFoldedError(statement.sql)
            return listing
        case ast.RenameStmt(renameType=ObjectType.OBJECT_COLUMN, subname=old, newname=new):
            return _renamed(listing, old or "", new or "")
        case ast.RenameStmt(renameType=ObjectType.OBJECT_TABLE | ObjectType.OBJECT_TABCONSTRAINT):
            return listing  # names of today are given in the end
        case ast.AlterObjectSchemaStmt(objectType=ObjectType.OBJECT_TABLE):
            return listing
        case _:
            raise NotFoldedError(statement.sql)


def _commands(statement: Statement, remark: str) -> Iterator[_Command]:
    """The commands of an ALTER TABLE with their words."""
    tree = statement.tree
    if not isinstance(tree, ast.AlterTableStmt) or tree.relation is None:
        raise NotFoldedError(statement.sql)
    sql = statement.sql
    listed = [t for t in tokens(sql) if t.start >= (tree.relation.location or 0)]
    place = 1
    while place < len(listed) and listed[place].name == _DOT:
        place += 2
    if place < len(listed) and sql[listed[place].start] == "*":
        place += 1
    spans = _between_commas(listed[place:])
    if len(spans) != len(tree.cmds or ()):
        raise NotFoldedError(sql)
    for node, span in zip(tree.cmds or (), spans, strict=True):
        yield _Command(node, span.of(sql), remark)
        remark = ""


def _between_commas(listed: Sequence[Token]) -> list[Span]:
    spans: list[Span] = []
    depth, first = 0, None
    for number, token in enumerate(listed):
        depth += (token.name in _OPEN) - (token.name in _CLOSE)
        if token.name == _COMMA and depth == 0 and first is not None:
            spans.append(Span(first, listed[number - 1].end + 1))
            first = None
        elif first is None:
            first = token.start
    return [*spans, Span(first, listed[-1].end + 1)] if first is not None else spans


def _add_column(listing: Listing, command: _Command) -> Listing:
    words = command.sql
    listed = tokens(words)[1:]
    if listed and listed[0].name == "COLUMN":
        listed = listed[1:]
    if [t.name for t in listed[:3]] == ["IF_P", "NOT", "EXISTS"]:
        listed = listed[3:]
        if names.fold(_word(words, listed[0])) in listing.columns:
            return listing
    return listing.with_column(words[listed[0].start :], command.remark)


def _drop_column(listing: Listing, command: _Command) -> Listing:
    return listing.without(_column(listing, command))


def _column(listing: Listing, command: _Command) -> Element:
    found = listing.of(command.node.name or "")
    if found is None:
        raise NotFoldedError(command.sql)
    return found


def _exchanged(listing: Listing, command: _Command, old: Element, new: Element) -> Listing:
    told = replace(new, lead=commented(new.lead, command.remark))
    return listing.exchanged(old, told if new.text != old.text else old)


def _type(listing: Listing, command: _Command) -> Listing:
    column = _column(listing, command)
    words = command.after("TYPE_P")
    listed = tokens(words)
    end = len(words)
    depth = 0
    for number, token in enumerate(listed):
        if token.name == "USING" and depth == 0:
            end = listed[number - 1].end + 1
            break
        depth += (token.name in _OPEN) - (token.name in _CLOSE)
    return _exchanged(listing, command, column, clauses.with_type(column, words[:end]))


def _default(listing: Listing, command: _Command) -> Listing:
    column = _column(listing, command)
    expression = None if command.node.def_ is None else command.after("SET", "DEFAULT")
    plain = clauses.without_sequence(column)
    return _exchanged(listing, command, column, clauses.with_default(plain, expression))


def _not_null(listing: Listing, command: _Command) -> Listing:
    column = _column(listing, command)
    required = command.kind == AlterTableType.AT_SetNotNull
    return _exchanged(listing, command, column, clauses.with_nullness(column, required=required))


def _identity(listing: Listing, command: _Command) -> Listing:
    column = _column(listing, command)
    words = f"GENERATED {command.after('GENERATED')}"
    return _exchanged(listing, command, column, clauses.with_identity(column, words))


def _other_identity(listing: Listing, command: _Command) -> Listing:
    """Counts always or only by default from now on; with other options the server has the word."""
    column = _column(listing, command)
    options: Sequence[ast.DefElem] = command.node.def_ or ()  # type: ignore[assignment]
    match [one for one in options if one.defname != "restart"]:
        case [ast.DefElem(defname="generated", arg=ast.Integer(ival=kind))]:
            words = "ALWAYS" if kind == _ALWAYS else "BY DEFAULT"
            return _exchanged(listing, command, column, clauses.with_identity_kind(column, words))
        case []:
            return listing  # where it stands is told with the rows
        case _:
            raise NotFoldedError(command.sql)


_ALWAYS = ord("a")


def _nothing_fills(listing: Listing, command: _Command) -> Listing:
    column = _column(listing, command)
    return _exchanged(listing, command, column, clauses.with_nothing_filling(column))


def _drop_constraint(listing: Listing, command: _Command) -> Listing:
    """Takes a constraint out that its author gave this name; others are found in the end."""
    return constraints.without(listing, command.node.name or "")


def _alter_constraint(listing: Listing, command: _Command) -> Listing:
    """Leaves a constraint to the server's words, which say what became of it."""
    changed = command.node.def_
    return constraints.without(listing, getattr(changed, "conname", None) or "")


def _add_constraint(listing: Listing, command: _Command) -> Listing:
    listed = tokens(command.sql)
    return listing.with_constraint(command.sql[listed[1].start :], command.remark)


_CHANGES: Mapping[AlterTableType, Callable[[Listing, _Command], Listing]] = {
    AlterTableType.AT_AddColumn: _add_column,
    AlterTableType.AT_DropColumn: _drop_column,
    AlterTableType.AT_AlterColumnType: _type,
    AlterTableType.AT_ColumnDefault: _default,
    AlterTableType.AT_SetNotNull: _not_null,
    AlterTableType.AT_DropNotNull: _not_null,
    AlterTableType.AT_AddIdentity: _identity,
    AlterTableType.AT_SetIdentity: _other_identity,
    AlterTableType.AT_DropIdentity: _nothing_fills,
    AlterTableType.AT_DropExpression: _nothing_fills,
    AlterTableType.AT_AddConstraint: _add_constraint,
    AlterTableType.AT_AlterConstraint: _alter_constraint,
    AlterTableType.AT_DropConstraint: _drop_constraint,
}

_OF_COLUMNS = {
    AlterTableType.AT_DropColumn,
    AlterTableType.AT_AlterColumnType,
    AlterTableType.AT_ColumnDefault,
    AlterTableType.AT_SetNotNull,
    AlterTableType.AT_DropNotNull,
    AlterTableType.AT_AddIdentity,
    AlterTableType.AT_SetIdentity,
    AlterTableType.AT_DropIdentity,
    AlterTableType.AT_DropExpression,
}
"""What is done to one column that is there."""

ELSEWHERE = {
    AlterTableType.AT_ValidateConstraint,
    AlterTableType.AT_ChangeOwner,
    AlterTableType.AT_EnableRowSecurity,
    AlterTableType.AT_DisableRowSecurity,
    AlterTableType.AT_ForceRowSecurity,
    AlterTableType.AT_NoForceRowSecurity,
    AlterTableType.AT_EnableTrig,
    AlterTableType.AT_DisableTrig,
    AlterTableType.AT_EnableAlwaysTrig,
    AlterTableType.AT_EnableReplicaTrig,
    AlterTableType.AT_EnableTrigAll,
    AlterTableType.AT_DisableTrigAll,
    AlterTableType.AT_EnableTrigUser,
    AlterTableType.AT_DisableTrigUser,
    AlterTableType.AT_SetStatistics,
    AlterTableType.AT_SetStorage,
    AlterTableType.AT_SetCompression,
    AlterTableType.AT_SetOptions,
    AlterTableType.AT_ResetOptions,
    AlterTableType.AT_ClusterOn,
    AlterTableType.AT_DropCluster,
    AlterTableType.AT_SetLogged,
    AlterTableType.AT_SetUnLogged,
    AlterTableType.AT_EnableRule,
    AlterTableType.AT_DisableRule,
    AlterTableType.AT_EnableAlwaysRule,
    AlterTableType.AT_EnableReplicaRule,
    AlterTableType.AT_ReplicaIdentity,
    AlterTableType.AT_AttachPartition,
    AlterTableType.AT_DetachPartition,
    AlterTableType.AT_SetRelOptions,
    AlterTableType.AT_ResetRelOptions,
}
"""What is worded apart from the table's list, or told by what holds in the end."""


_NOT_COLUMNS = {"ASCII_40", _DOT}
"""Tokens behind a name that is no column's: of a function, or of a table."""


def _renamed(listing: Listing, old: str, new: str) -> Listing:
    """A column under another name, wherever the table's own list speaks of it."""
    return listing.with_elements(
        [replace(e, text=_with_name(e, old, new)) for e in listing.elements]
    )


def _with_name(element: Element, old: str, new: str) -> str:
    """An element's text with the column's new name; what a key points at keeps its names."""
    text = element.text
    listed = tokens(text)
    limit = next((t.start for t in listed if t.name == "REFERENCES"), len(text))
    behind = limit
    if element.column is not None:
        spans = [c.span for c in clauses.clauses(element)]
        behind = min((span.start for span in spans), default=len(text))
    changes = []
    for number, token in enumerate(listed):
        follower = listed[number + 1].name if number + 1 < len(listed) else ""
        names_the_column = element.column is not None and number == 0
        if element.column is not None and 0 < token.start < behind:
            continue  # its type
        if token.start >= limit or token.name == "SCONST":
            continue
        if names.fold(_word(text, token)) != old or (
            follower in _NOT_COLUMNS and not names_the_column
        ):
            continue
        changes.append((Span(token.start, token.end + 1), names.quote(new)))
    return replaced(text, changes)


def _word(text: str, token: Token) -> str:
    return text[token.start : token.end + 1]
