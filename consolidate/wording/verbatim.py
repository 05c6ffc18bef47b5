"""The top rung: the authors' own statements, wherever nothing later changed what they made."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import AlterPublicationAction, AlterTableType, ObjectType

from consolidate import lexer, names
from consolidate.model import ObjectId, Statement, StatementId
from consolidate.wording.folding.captions import without_header
from consolidate.wording.text import foreign_key_spans, tokens
from consolidate.wording.trees import parsed
from consolidate.wording.units import InlineKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    "AlterPublicationStmt": {"PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA"},
    "CreateCastStmt": {"CAST"},
    "AlterTableStmt": {"CONSTRAINT", "FK CONSTRAINT", "CHECK CONSTRAINT", "ROW SECURITY"},
}
"""Which statements can stand for which of `pg_dump`'s entries."""

_REPLACEABLE = {"FUNCTION", "PROCEDURE", "VIEW", "AGGREGATE", "TRIGGER"}

_HARMLESS_COMMANDS = {
    AlterTableType.AT_AddConstraint,
    AlterTableType.AT_AttachPartition,
    AlterTableType.AT_ChangeOwner,
    AlterTableType.AT_EnableRowSecurity,
    AlterTableType.AT_DisableRowSecurity,
    AlterTableType.AT_EnableTrig,
    AlterTableType.AT_DisableTrig,
    AlterTableType.AT_EnableAlwaysTrig,
    AlterTableType.AT_EnableTrigAll,
    AlterTableType.AT_DisableTrigAll,
    AlterTableType.AT_EnableTrigUser,
    AlterTableType.AT_DisableTrigUser,
}
"""What ALTER TABLE may do to a table without touching what its CREATE TABLE says."""

_MAKING_COMMANDS = {AlterTableType.AT_AddConstraint, AlterTableType.AT_EnableRowSecurity}
"""What ALTER TABLE may do to make an object of its own."""

HARMLESS_TAGS = {"COMMENT", "GRANT", "REVOKE", "CREATE INDEX", "CREATE TRIGGER", "CREATE POLICY"}
"""What reaches a table without touching what its CREATE TABLE says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbatim:
    """One legacy statement that can be copied, and everything that it makes."""

    statement: Statement
    primary: Piece
    members: frozenset[ObjectId]
    after: frozenset[ObjectId] = frozenset()
    """Partitions that must be attached before, so that it makes what their attaching once made."""


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
            and not _publishes_more(statement, group)
            and not _is_attached_apart(primary, group, pieces)
            and plain_session(truth, identifier)
            and not _changed_since(truth, primary, identifier)
        ):
            members = frozenset(piece.object for piece in group)
            found.append(Verbatim(statement=statement, primary=primary, members=members))
    return tuple(_with_later_partitions(truth, pieces, one) for one in found)


def _with_later_partitions(
    truth: Truth, pieces: Mapping[ObjectId, Piece], index: Verbatim
) -> Verbatim:
    """An index of a partitioned table, and those that it gave to partitions attached later.

    Where all of them are attached first, the one statement makes all of these.
    """
    if index.primary.type != "INDEX":
        return index
    members, after = set(index.members), set()
    for name, piece in pieces.items():
        child = bearer(name)
        made = truth.trace.created.get(child)
        if (
            piece.type == "INDEX ATTACH"
            and index.primary.object in truth.depend.needs.get(child, ())
            and made is not None
            and isinstance(truth.statements[made].tree, ast.AlterTableStmt)
        ):
            members |= {name, child}
            after.add(ObjectId("table attach", truth.depend.family(child).identity))
    return replace(index, members=frozenset(members), after=frozenset(after))


def _is_attached_apart(
    primary: Piece, group: Iterable[Piece], pieces: Mapping[ObjectId, Piece]
) -> bool:
    """Whether a table was made a partition later: that gave it the keys which its parent has."""
    attached = ObjectId("table attach", primary.object.identity)
    return (
        primary.type == "TABLE"
        and attached in pieces
        and all(piece.object != attached for piece in group)
    )


def query_of(view: ObjectId) -> ObjectId:
    """The rule that is a view's query."""
    return ObjectId("rule", f'"_RETURN" on {view.identity}')


def _publishes_more(statement: Statement, group: Iterable[Piece]) -> bool:
    """Whether it adds more to a publication than what is in it under the same names."""
    if not isinstance(statement.tree, ast.AlterPublicationStmt):
        return False
    own = [names.parted(piece.object.identity, " in publication ")[0] for piece in group]
    left = {names.split(name)[-1] for name in own}
    added = [
        p.pubtable.relation.relname if p.pubtable else p.name
        for p in statement.tree.pubobjects or ()
    ]
    return not left.issuperset(added)


def defined_by(truth: Truth, piece: Piece) -> StatementId | None:
    """The statement that made the object, or last replaced it as a whole.

    A column's other type builds the indexes over it anew: the trace takes it for their maker.
    """
    target = bearer(piece.object)
    if piece.type == "ROW SECURITY":
        return _enabled(truth, target)
    if piece.type in _REPLACEABLE:
        for touch in reversed(truth.trace.touches.get(target, ())):
            if touch.tag.startswith("CREATE"):
                return touch.statement
    made = truth.trace.created.get(target)
    if made is None:
        return None
    match piece.type, truth.statements[made].tree:
        case "INDEX", ast.AlterTableStmt():
            return truth.graph.creator(target)
        case "TABLE ATTACH", ast.CreateStmt(partbound=None):
            return None  # a later statement attached it
        case _:
            return made


def _enabled(truth: Truth, table: ObjectId) -> StatementId | None:
    """The last statement that only enabled a table's row security."""
    for touch in reversed(truth.trace.touches.get(table, ())):
        match truth.statements[touch.statement].tree:
            case ast.AlterTableStmt(cmds=[command]) if (
                command.subtype == AlterTableType.AT_EnableRowSecurity
            ):
                return touch.statement
    return None


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
            return all(c.subtype in _MAKING_COMMANDS for c in commands or ())
        case ast.AlterPublicationStmt(action=action):
            return bool(action == AlterPublicationAction.AP_AddObjects)
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
        and not is_harmless(truth.statements[touch.statement])
        for touch in truth.trace.touches.get(primary.object, ())
    )


def is_harmless(statement: Statement) -> bool:
    """Whether a later statement about a table leaves its CREATE TABLE true."""
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


def can_write(statement: Statement, piece: Piece) -> bool:
    """Whether statements of its kind make entries such as this one."""
    return piece.type in _WRITES.get(statement.kind, set())


def own_words(
    statement: Statement, previous: Statement | None, following: Statement | None = None
) -> str:
    """The statement with what stands around it, see `around`."""
    above, behind = around(statement, previous, following)
    return f"{above}{statement.sql}{behind}"


def around(
    statement: Statement, previous: Statement | None, following: Statement | None = None
) -> tuple[str, str]:
    """The comments above a statement, and behind it a semicolon and a comment on the same line.

    What stands on the line where a statement ended belongs to that one; empty statements are
    left out.
    """
    lead = _lead(statement)
    if previous is not None and previous.path == statement.path and previous.sql:
        lead = _lines(lead)[1]
    behind = ""
    if following is not None and following.path == statement.path:
        behind = _lines(_lead(following))[0].strip()
    above = _BLANKED.sub("", lead.lstrip())
    return above, f"; {behind}" if behind else ";"


_BLANKED = re.compile(r"^[ \t]+\r?\n", re.MULTILINE)
"""What is left of a line that was a runner's annotation."""


def _lead(statement: Statement) -> str:
    text = without_header(statement.text)
    return _without_semicolons(text[: lexer.first_token(text, 0)])


def _lines(lead: str) -> tuple[str, str]:
    """What stands before a statement: on the line where the one before it ends, and below."""
    first, newline, rest = lead.partition("\n")
    return (first, rest) if newline or "--" in first else ("", first)


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
