"""The server's wording of a table: one CREATE TABLE with all that `pg_dump` takes apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import ConstrType

from consolidate import names
from consolidate.model import ObjectId
from consolidate.wording import expressions, sequences
from consolidate.wording.text import Span, clause_end, element_list, replaced
from consolidate.wording.trees import parsed
from consolidate.wording.units import LOOSE, Choices, InlineKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consolidate.truth import Truth
    from consolidate.wording.entries import Piece


@dataclass(slots=True)
class _Parts:
    """What a table is put together from."""

    before: list[str] = field(default_factory=list)
    """Statements that must come first."""
    columns: dict[str, str] = field(default_factory=dict)
    """Text to put behind a column."""
    types: dict[str, str] = field(default_factory=dict)
    """Another type for a column: a serial."""
    constraints: list[str] = field(default_factory=list)
    keys: list[tuple[ObjectId, str, str]] = field(default_factory=list)
    """Foreign keys: object, inline text, the statement that adds it alone."""
    after: list[str] = field(default_factory=list)
    members: set[ObjectId] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableWords:
    """A table in the server's wording."""

    sql: str
    keys: tuple[InlineKey, ...]
    members: frozenset[ObjectId]


def word(truth: Truth, table: Piece, belongings: Iterable[Piece], choices: Choices) -> TableWords:
    """One CREATE TABLE with sequences, defaults, constraints and keys back in their places.

    Args:
        truth: Where the authors' expressions are found.
        table: The table's own entry.
        belongings: The entries that belong to it: sequences, defaults, constraints, keys.
        choices: Expressions that were sent down to the server's text.
    """
    own = list(belongings)
    parts = _Parts(members={table.object, *(piece.object for piece in own)})
    create, *rest = table.statements
    columns = _column_types(create)
    counting = {p.object.identity: p for p in own if p.type == "SEQUENCE"}
    for piece in own:
        _place(parts, table, piece, columns, counting)
    explicit = _explicit(parts, counting)
    parts.before = [sequences.concise(p.sql) for i, p in sorted(counting.items()) if i in explicit]
    parts.after = [*rest, *parts.after]
    return _assembled(truth, table, create, parts, choices)


def _explicit(parts: _Parts, counting: dict[str, Piece]) -> set[str]:
    """Sequences that need a CREATE SEQUENCE: neither identity nor serial."""
    implied = {identity for identity in counting if identity in _implied(parts)}
    return set(counting) - implied


def _implied(parts: _Parts) -> set[str]:
    return {m.identity for m in parts.members if m.kind == "implied sequence"}


def _place(
    parts: _Parts,
    table: Piece,
    piece: Piece,
    columns: dict[str, str],
    counting: dict[str, Piece],
) -> None:
    match piece.type:
        case "SEQUENCE":
            _place_identity(parts, table, piece)
        case "DEFAULT":
            _place_default(parts, table, piece, columns, counting)
        case "SEQUENCE OWNED BY":
            parts.after.append(piece.sql)
        case "CONSTRAINT" | "FK CONSTRAINT":
            _place_constraint(parts, piece)
        case _:
            parts.after.append(piece.sql)


def _place_identity(parts: _Parts, table: Piece, piece: Piece) -> None:
    """`ALTER TABLE … ADD GENERATED … AS IDENTITY (SEQUENCE NAME … options)`, put inline."""
    tree = parsed(piece.sql)
    if isinstance(tree, ast.CreateSeqStmt):  # a serial's, or the team's own
        return
    column = tree.cmds[0].name
    listed = element_list(piece.sql)
    words = re.search(r"GENERATED (?:ALWAYS|BY DEFAULT) AS IDENTITY", piece.sql)
    if listed is None or words is None:
        return
    options = re.sub(
        r"^\s*SEQUENCE NAME \S+", "", piece.sql[listed.open + 1 : listed.close], count=1
    )
    generated = f" {words.group()}"
    named = sequences.of_column(table.object, column)
    if piece.object.identity != named or not sequences.is_plain(options):
        inner = " ".join(piece.sql[listed.open + 1 : listed.close].split())
        generated += f" ({inner})"
    parts.columns[column] = parts.columns.get(column, "") + generated
    parts.members.add(ObjectId("implied sequence", piece.object.identity))


def _place_default(
    parts: _Parts,
    table: Piece,
    piece: Piece,
    columns: dict[str, str],
    counting: dict[str, Piece],
) -> None:
    tree = parsed(piece.sql)
    column = tree.cmds[0].name
    expression = piece.sql[piece.sql.index(" SET DEFAULT ") + len(" SET DEFAULT ") :].rstrip(";\n")
    if column not in columns:  # inherited, and not in the list
        parts.after.append(piece.sql)
        return
    named = sequences.of_column(table.object, column)
    made = counting.get(named)
    if made is not None and ObjectId("sequence owned by", named) in parts.members:
        kind = columns[column]
        serial = sequences.serial(table.object, column, kind, expression, made.sql)
        if serial is not None:
            parts.types[column] = serial
            parts.members.add(ObjectId("implied sequence", named))
            return
    parts.columns[column] = parts.columns.get(column, "") + f" DEFAULT {expression}"


def _place_constraint(parts: _Parts, piece: Piece) -> None:
    first, *rest = piece.statements
    tree = parsed(first)
    added = tree.cmds[0].def_
    body = first[first.index("ADD CONSTRAINT ") + len("ADD ") :].rstrip(";\n")
    if added.contype == ConstrType.CONSTR_FOREIGN:
        if added.skip_validation:
            parts.after.append(piece.sql)
            return
        parts.keys.append((piece.object, body, piece.sql))
        return
    parts.constraints.append(body)
    parts.after += rest


def _elements(create: str) -> tuple[Any, ...]:
    """The columns and constraints of a CREATE TABLE or CREATE FOREIGN TABLE."""
    tree = parsed(create)
    return tuple(getattr(tree, "base", tree).tableElts or ())


def _column_types(create: str) -> dict[str, str]:
    """Column names of a CREATE TABLE, each with the first word of its type."""
    listed = element_list(create)
    found = {}
    for span, element in zip(listed.elements if listed else (), _elements(create), strict=False):
        if isinstance(element, ast.ColumnDef):
            name = element.colname or ""
            words = span.of(create)[len(names.quote(name)) :].split()
            found[name] = words[0] if words else ""
    return found


def _assembled(
    truth: Truth, table: Piece, create: str, parts: _Parts, choices: Choices
) -> TableWords:
    listed = element_list(create)
    if listed is not None and len(listed.elements) != len(_elements(create)):
        return _apart(create, parts)  # such as a table of a type, whose list is not all its own
    lines = []
    for span, element in zip(listed.elements if listed else (), _elements(create), strict=True):
        text = span.of(create)
        if isinstance(element, ast.ColumnDef):
            text = _default(truth, table, text, element, choices)
            text = _column(text, element.colname or "", parts)
        else:
            text = _check(truth, table, text, element, choices)
        lines.append(text)
    lines += parts.constraints
    if not lines:  # no element that a key could be taken out from behind
        parts.after += [alone for _, _, alone in parts.keys]
        parts.keys = []
    head = create[: listed.open + 1] if listed else create
    tail = create[listed.close :] if listed else ""
    body = "".join(f"\n    {line}," for line in lines)[:-1]
    sql = "\n".join([*parts.before, head]) + body
    keys = []
    for name, inline, alone in parts.keys:
        comma = "," if lines else ""
        start = len(sql)
        sql += f"{comma}\n    {inline}"
        keys.append(InlineKey(name, Span(start, len(sql)), alone))
    sql += "\n" + tail
    if parts.after:
        sql += "\n" + "\n".join(parts.after)
    members = frozenset(m for m in parts.members if m.kind != "implied sequence")
    implied = parts.members - members
    owned = {ObjectId("sequence owned by", sequence.identity) for sequence in implied}
    for piece_sql in [a for a in parts.after if _owns(a, owned)]:
        sql = sql.replace("\n" + piece_sql, "", 1)
    return TableWords(sql=sql, keys=tuple(keys), members=members)


def _apart(create: str, parts: _Parts) -> TableWords:
    """A table whose belongings stay statements of their own."""
    alone = [f"ALTER TABLE ONLY {_table_name(create)} ADD {c};" for c in parts.constraints]
    alone += [statement for _, _, statement in parts.keys]
    members = frozenset(m for m in parts.members if m.kind != "implied sequence")
    return TableWords(
        sql="\n".join([*parts.before, create, *alone, *parts.after]), keys=(), members=members
    )


def _table_name(create: str) -> str:
    relation = parsed(create).relation
    return f"{names.quote(relation.schemaname)}.{names.quote(relation.relname)}"


def _owns(statement: str, owned: set[ObjectId]) -> bool:
    return any(statement.startswith(f"ALTER SEQUENCE {o.identity} OWNED BY") for o in owned)


def _column(text: str, column: str, parts: _Parts) -> str:
    quoted = names.quote(column)
    if column in parts.types:
        kind = text[len(quoted) :].split(maxsplit=1)[0]
        text = f"{quoted} {parts.types[column]}{text[len(quoted) + 1 + len(kind) :]}"
    return text + parts.columns.get(column, "")


def _default(truth: Truth, table: Piece, text: str, column: ast.ColumnDef, choices: Choices) -> str:
    """A column with its default in the author's words where they exist and held."""
    name = column.colname or ""
    whole = ObjectId("table column", f"{table.object.identity}.{names.quote(name)}")
    places = [
        (constraint.location or 0) - (column.location or 0)
        for constraint in column.constraints or ()
        if constraint.contype == ConstrType.CONSTR_DEFAULT
    ]
    if not places or choices.level(whole) or choices.level(table.object) >= LOOSE:
        return text
    author = expressions.default(truth, table.object, name)
    if author is None:
        return text
    end = clause_end(text, places[0], len(text), "DEFAULT")
    return replaced(text, [(Span(places[0] + len("DEFAULT "), end), author)])


def _check(truth: Truth, table: Piece, text: str, element: ast.Node, choices: Choices) -> str:
    """A CHECK in the author's words where they exist and held."""
    if not isinstance(element, ast.Constraint) or element.contype != ConstrType.CONSTR_CHECK:
        return text
    name = element.conname or ""
    constraint = ObjectId("table constraint", f"{names.quote(name)} on {table.object.identity}")
    opened = text.index("(", text.index("CHECK"))
    listed = element_list(text[opened:])
    if listed is None or choices.level(constraint) or choices.level(table.object) >= LOOSE:
        return text
    deparsed = text[opened + 1 : opened + listed.close]
    author = expressions.check(truth, table.object, name, deparsed)
    author = author or expressions.with_lists(deparsed)
    if author is None:
        return text
    return replaced(text, [(Span(opened + 1, opened + listed.close), author)])
