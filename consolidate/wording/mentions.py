"""Which surviving objects a piece of SQL speaks of, where `pg_depend` can not know it.

Bodies of functions and data statements are text to the server until they run; what they name
must exist by then. Names resolve to what the truth holds at the end, through `public`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pglast
from pglast import ast, visitors

from consolidate import names
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from consolidate.truth import Truth

_RELATIONS = {"table", "view", "materialized view", "sequence", "foreign table"}
_ROUTINES = {"function", "procedure", "aggregate"}


class Known:
    """The truth's relations and routines, by the names SQL uses for them."""

    def __init__(self, truth: Truth) -> None:
        self._relations: dict[tuple[str, str], ObjectId] = {}
        self._routines: dict[tuple[str, str], set[ObjectId]] = defaultdict(set)
        for found in {fact.object for fact in truth.final.facts.facts}:
            if found.kind in _RELATIONS:
                schema, name = names.split(found.identity)
                self._relations[schema, name] = found
            elif found.kind in _ROUTINES:
                schema, name = names.split(found.identity.partition("(")[0])
                self._routines[schema, name].add(found)

    def mentioned(self, sql: str) -> frozenset[ObjectId]:
        """What a statement names; nothing if it can not be parsed."""
        try:
            trees = pglast.parse_sql(sql)
        except pglast.parser.ParseError:
            return frozenset()
        visitor = _Names()
        visitor(trees)
        found: set[ObjectId] = set()
        for schema, name in visitor.relations:
            relation = self._relations.get((schema or "public", name))
            found |= {relation} if relation else set()
        for schema, name in visitor.routines:
            found |= self._routines.get((schema or "public", name), set())
        for text in visitor.literals:
            found |= self._literal(text)
        return frozenset(found)

    def _literal(self, text: str) -> set[ObjectId]:
        """A string that is the name of a sequence, as in `nextval('keys_id_seq')`."""
        try:
            parts = names.split(text)
        except ValueError:
            return set()
        key = ("public", parts[0]) if len(parts) == 1 else (parts[0], parts[-1])
        relation = self._relations.get(key)
        return {relation} if relation is not None and relation.kind == "sequence" else set()

    def body(self, create: str) -> frozenset[ObjectId]:
        """What the body of a `LANGUAGE sql` function names; the server checks it on creation."""
        tree = pglast.parse_sql(create)[0].stmt
        if not isinstance(tree, ast.CreateFunctionStmt):
            return frozenset()
        options = {option.defname: option.arg for option in tree.options or ()}
        language = options.get("language")
        body = options.get("as")
        if language is None or language.sval.lower() != "sql" or not body:
            return frozenset()
        return self.mentioned(body[0].sval)


class _Names(visitors.Visitor):  # type: ignore[misc]  # pglast's visitors are untyped
    """Collects the relations, routines and string constants of a tree."""

    def __init__(self) -> None:
        self.relations: set[tuple[str | None, str]] = set()
        self.routines: set[tuple[str | None, str]] = set()
        self.literals: set[str] = set()

    def visit_RangeVar(self, _ancestors: object, node: ast.RangeVar) -> None:  # noqa: N802
        self.relations.add((node.schemaname, node.relname))

    def visit_FuncCall(self, _ancestors: object, node: ast.FuncCall) -> None:  # noqa: N802
        parts = [part.sval for part in node.funcname]
        self.routines.add((parts[-2] if len(parts) > 1 else None, parts[-1]))

    def visit_A_Const(self, _ancestors: object, node: ast.A_Const) -> None:  # noqa: N802
        if isinstance(node.val, ast.String):
            self.literals.add(node.val.sval)
