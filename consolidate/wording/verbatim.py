"""The top rung: the authors' own statements, wherever nothing later changed what they made."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import AlterTableType, ObjectType

from consolidate import lexer
from consolidate.model import ObjectId, Statement, StatementId
from consolidate.wording.text import foreign_key_spans, tokens
from consolidate.wording.trees import parsed
from consolidate.wording.units import InlineKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.truth import Truth
    from consolidate.wording.entries import Piece

_WRITES = {
    "CreateStmt": {"TABLE"},
    "CreateForeignTableStmt": {"FOREIGN TABLE"},
    "IndexStmt": {"INDEX"},
    "ViewStmt": {"VIEW"},
    "CreateTableAsStmt": {"MATERIALIZED VIEW"},
    "CreateFunctionStmt": {"FUNCTION", "PROCEDURE"},
    "DefineStmt": {"AGGREGATE", "OPERATOR", "TYPE", "COLLATION"},
    "CreateTrigStmt": {"TRIGGER"},
    "CreatePolicyStmt": {"POLICY"},
    "CreateEnumStmt": {"TYPE"},
    "CompositeTypeStmt": {"TYPE"},
    "CreateRangeStmt": {"TYPE"},
    "CreateDomainStmt": {"DOMAIN"},
    "CreateSeqStmt": {"SEQUENCE"},
    "CreateSchemaStmt": {"SCHEMA"},
    "CreateExtensionStmt": {"EXTENSION"},
    "RuleStmt": {"RULE"},
    "CreateStatsStmt": {"STATISTICS"},
    "CreateEventTrigStmt": {"EVENT TRIGGER"},
    "CreatePublicationStmt": {"PUBLICATION"},
    "CreateCastStmt": {"CAST"},
    "AlterTableStmt": {"CONSTRAINT", "FK CONSTRAINT", "CHECK CONSTRAINT"},
}
"""Which statements can stand for which of `pg_dump`'s entries."""

_REPLACEABLE = {"FUNCTION", "PROCEDURE", "VIEW", "AGGREGATE", "TRIGGER"}

_HARMLESS_COMMANDS = {
    AlterTableType.AT_AddConstraint,
    AlterTableType.AT_ChangeOwner,
    AlterTableType.AT_EnableRowSecurity,
    AlterTableType.AT_EnableTrig,
    AlterTableType.AT_DisableTrig,
    AlterTableType.AT_EnableAlwaysTrig,
    AlterTableType.AT_EnableTrigAll,
    AlterTableType.AT_DisableTrigAll,
    AlterTableType.AT_EnableTrigUser,
    AlterTableType.AT_DisableTrigUser,
}
"""What ALTER TABLE may do to a table without touching what its CREATE TABLE says."""

HARMLESS_TAGS = {"COMMENT", "GRANT", "REVOKE", "CREATE INDEX", "CREATE TRIGGER", "CREATE POLICY"}
"""What reaches a table without touching what its CREATE TABLE says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbatim:
    """One legacy statement that can be copied, and everything that it makes."""

    statement: Statement
    primary: Piece
    members: frozenset[ObjectId]


def candidates(truth: Truth, pieces: Mapping[ObjectId, Piece]) -> tuple[Verbatim, ...]:
    """Every legacy statement that still says what the truth holds, as far as one can tell.

    Whether it really does, the trial decides; a wrong candidate costs a round.
    """
    statements = truth.statements
    made: dict[StatementId, list[Piece]] = defaultdict(list)
    for piece in pieces.values():
        if (definer := defined_by(truth, piece)) is not None:
            made[definer].append(piece)
    found = []
    for identifier, group in made.items():
        statement = statements[identifier]
        written = _WRITES.get(statement.kind, set())
        primary = next((piece for piece in group if piece.type in written), None)
        if (
            primary is not None
            and _says_it_all(statement)
            and plain_session(truth, identifier)
            and not _changed_since(truth, primary, identifier)
        ):
            members = frozenset(piece.object for piece in group)
            found.append(Verbatim(statement=statement, primary=primary, members=members))
    return tuple(found)


def defined_by(truth: Truth, piece: Piece) -> StatementId | None:
    """The statement that made the object, or last replaced it as a whole."""
    if piece.type == "ROW SECURITY":
        return None
    target = bearer(piece.object)
    if piece.type in _REPLACEABLE:
        for touch in reversed(truth.trace.touches.get(target, ())):
            if touch.tag.startswith("CREATE"):
                return touch.statement
    return truth.trace.created.get(target)


_BEARERS = {
    "sequence owned by": "sequence",
    "table attach": "table",
    "index attach": "index",
    "row security": "table",
}


def bearer(name: ObjectId) -> ObjectId:
    """The object behind an entry that has no catalog row of its own."""
    return ObjectId(_BEARERS.get(name.kind, name.kind), name.identity)


def _says_it_all(statement: Statement) -> bool:
    """Whether the statement makes only what its kind promises."""
    match statement.tree:
        case ast.AlterTableStmt(cmds=commands):
            return all(c.subtype == AlterTableType.AT_AddConstraint for c in commands or ())
        case ast.CreateTableAsStmt(objtype=kind):
            return bool(kind == ObjectType.OBJECT_MATVIEW)
        case ast.CreateSchemaStmt(schemaElts=elements):
            return not elements
        case _:
            return True


def plain_session(truth: Truth, identifier: StatementId) -> bool:
    """Whether the statement's names mean the same in a session with nothing set."""
    return truth.trace.sessions.get(identifier) == truth.trace.fresh


def _changed_since(
    truth: Truth,
    primary: Piece,
    definer: StatementId,
) -> bool:
    return any(
        truth.order[touch.statement] > truth.order[definer]
        and touch.tag not in HARMLESS_TAGS
        and not _is_harmless(truth.statements[touch.statement])
        for touch in truth.trace.touches.get(primary.object, ())
    )


def _is_harmless(statement: Statement) -> bool:
    match statement.tree:
        case ast.AlterTableStmt(cmds=commands):
            return all(command.subtype in _HARMLESS_COMMANDS for command in commands or ())
        case ast.AlterOwnerStmt() | ast.GrantStmt() | ast.CommentStmt() | ast.IndexStmt():
            return True
        case ast.CreateTrigStmt() | ast.CreatePolicyStmt() | ast.AlterPublicationStmt():
            return True
        case ast.CreatePublicationStmt() | ast.RefreshMatViewStmt():
            return True
        case _:
            return False


def own_words(statement: Statement, previous: Statement | None) -> str:
    """The statement with the comments above it, ending in a semicolon.

    What stands on the line where the previous statement ended belongs to that one; empty
    statements are left out.
    """
    lead = _without_semicolons(statement.text[: lexer.first_token(statement.text, 0)])
    if previous is not None and previous.path == statement.path and previous.sql:
        first, newline, rest = lead.partition("\n")
        lead = rest if newline else "" if "--" in first else first
    return f"{lead.lstrip()}{statement.sql};"


def _without_semicolons(lead: str) -> str:
    if ";" not in lead:
        return lead
    empty = [token for token in lexer.tokens(lead) if token.kind == "semicolon"]
    for token in reversed(empty):
        lead = lead[: token.start] + lead[token.end :]
    return lead


def without_concurrently(statement: Statement, words: str) -> str:
    """The words of a CREATE or DROP INDEX so that it may run inside a transaction."""
    tree = statement.tree
    if not (isinstance(tree, ast.IndexStmt | ast.DropStmt) and tree.concurrent):
        return words
    for token in tokens(words):
        if token.name == "CONCURRENTLY":
            return words[: token.start] + words[token.end + 1 :].lstrip()
    return words


def inline_keys(words: str, tree: ast.Node, pieces: Mapping[ObjectId, Piece]) -> list[InlineKey]:
    """The foreign keys that a CREATE TABLE holds, each with the statement that adds it alone.

    `pieces` are the members that are foreign keys. Keys are told apart by their name or, where
    the author gave none, by their one column.
    """
    if not isinstance(tree, ast.CreateStmt):
        return []
    found = []
    remaining = dict(pieces)
    for constraint, column, span in foreign_key_spans(words, _reparsed(words)):
        match = next(
            (p for p in remaining.values() if _is_key(p, constraint, column)),
            None,
        )
        if match is not None:
            del remaining[match.object]
            found.append(InlineKey(match.object, span, match.sql))
    return found


def _reparsed(words: str) -> ast.CreateStmt:
    tree = parsed(words)
    if not isinstance(tree, ast.CreateStmt):
        raise TypeError(words)
    return tree


def _is_key(piece: Piece, constraint: ast.Constraint, column: str) -> bool:
    added = parsed(piece.sql).cmds[0].def_
    if constraint.conname:
        return bool(added.conname == constraint.conname)
    columns = [name.sval for name in added.fk_attrs]
    wanted = [column] if column else [name.sval for name in constraint.fk_attrs or ()]
    return columns == wanted
