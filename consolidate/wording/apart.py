"""Takes parts of tables and views out of them, into entries as `pg_dump` writes them if it must.

A default or a CHECK that needs what needs the table can not stand in its CREATE TABLE, nor a query
that needs its view in the CREATE VIEW: `pg_dump_sort.c` takes those out that are part of a circle.
A plan takes out others, for what the mapping wants to come later.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import ConstrType

from consolidate import names
from consolidate.model import ObjectId
from consolidate.wording.entries import Piece, Pieces
from consolidate.wording.text import Span, clause_end, element_list, without
from consolidate.wording.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from consolidate.truth import Truth

_OWNED = ("sequence", "sequence owned by")


def entries_of(part: ObjectId) -> frozenset[ObjectId]:
    """The entries that stand apart for a part of a table: a sequence has two."""
    if part.kind == "sequence":
        return frozenset(ObjectId(kind, part.identity) for kind in _OWNED)
    return frozenset({part})


def parted(truth: Truth, found: Pieces, parts: Collection[ObjectId]) -> Pieces:
    """The entries, where each of these parts has one of its own."""
    pieces = dict(found.all)
    for part in sorted(parts):
        if part in pieces or (table := pieces.get(_table(part))) is None:
            continue
        taken = _query(truth, table, part) if part.kind == "rule" else _taken(table, part)
        if taken is not None:
            pieces[table.object], pieces[part] = taken
    return replace(found, all=pieces)


def _table(part: ObjectId) -> ObjectId:
    if part.kind == "default value":
        column = part.identity.removeprefix("for ")
        return ObjectId("table", names.parted(column, ".")[0])
    if part.kind == "rule":
        return ObjectId("view", names.parted(part.identity, " on ")[1])
    return ObjectId("table", names.parted(part.identity, " on ")[1])


def _taken(table: Piece, part: ObjectId) -> tuple[Piece, Piece] | None:
    """The table's entry without the part, and the part's own; None if the table lacks it."""
    create, *rest = table.statements
    name = names.split(part.identity.removeprefix("for ").partition(" on ")[0])[-1]
    found = _default(create, name) if part.kind == "default value" else _check(create, name)
    if found is None:
        return None
    cut, words = found
    is_default = part.kind == "default value"
    how = f"ALTER COLUMN {names.quote(name)} SET" if is_default else "ADD"
    only = "ONLY " if is_default else ""
    own = Piece(
        object=part,
        type="DEFAULT" if is_default else "CHECK CONSTRAINT",
        schema=table.schema,
        name=name,
        statements=(f"ALTER TABLE {only}{table.object.identity} {how} {words};",),
        comments=(),
        needs=frozenset({table.object}),
    )
    return replace(table, statements=(without(create, [cut]), *rest)), own


def replacing(view: str) -> str:
    """A CREATE VIEW that puts its query in the place of another one."""
    return view.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1)


def _query(truth: Truth, view: Piece, rule: ObjectId) -> tuple[Piece, Piece]:
    """A view of as many columns that are NULL, as `pg_dump` makes it, and the query."""
    create, *rest = view.statements
    facts = truth.final.facts
    prefix = f"{view.object.identity}."
    columns = sorted(
        (int(of["position"]), name.identity.removeprefix(prefix), of)
        for name in facts.objects
        if name.kind in {"view column", "table column"} and name.identity.startswith(prefix)
        if "position" in (of := facts.of(name))
    )
    lines = [f"    {_null(of)} AS {name}" for _, name, of in columns]
    head = create[: create.index(" AS\n")] if " AS\n" in create else f"CREATE VIEW {prefix[:-1]}"
    stub = "\n".join([f"{head} AS", "SELECT", ",\n".join(lines) + ";"])
    query = replace(
        view,
        object=rule,
        type="RULE",
        statements=(replacing(create),),
        comments=(),
        needs=frozenset(),
    )
    return replace(view, statements=(stub, *rest), needs=frozenset()), query


def _null(column: Mapping[str, str]) -> str:
    collated = f" COLLATE {column['collation']}" if "collation" in column else ""
    return f"NULL::{column['type']}{collated}"


def _elements(create: str) -> Iterator[tuple[Span, Any]]:
    tree = parsed(create)
    listed = element_list(create)
    elements = tuple(getattr(tree, "base", tree).tableElts or ())
    if listed is not None and len(listed.elements) == len(elements):
        yield from zip(listed.elements, elements, strict=True)


def _default(create: str, column: str) -> tuple[Span, str] | None:
    """Where the default of a column stands, with the blank before it; and its words."""
    for span, element in _elements(create):
        if isinstance(element, ast.ColumnDef) and element.colname == column:
            for constraint in element.constraints or ():
                if constraint.contype == ConstrType.CONSTR_DEFAULT:
                    start = constraint.location or 0
                    end = clause_end(create, start, span.end, "DEFAULT")
                    return Span(start - 1, end), create[start:end]
    return None


def _check(create: str, name: str) -> tuple[Span, str] | None:
    """Where a CHECK of the list stands, with the comma that goes with it; and its words."""
    before: Span | None = None
    for span, element in _elements(create):
        if isinstance(element, ast.Constraint) and element.conname == name:
            # `pg_dump` writes the columns first; without any there is no comma before
            start = before.end if before else span.start
            return Span(start, span.end), span.of(create)
        before = span
    return None
