"""The last rung: a component as the legacy history wrote it, statement by statement.

A component is an object, what the same statements touched, and the vanished objects that those
statements need. Where not even that holds, `whole` takes the whole history.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import AlterTableType

from consolidate.model import ObjectId, Statement, StatementId
from consolidate.names import parted, split
from consolidate.wording.text import tokens
from consolidate.wording.units import Choices, Rung, Unit
from consolidate.wording.verbatim import bearer
from consolidate.wording.whole import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from consolidate.truth import Truth
    from consolidate.wording.entries import Pieces

_NOT_STRUCTURE = (
    ast.GrantStmt,
    ast.GrantRoleStmt,
    ast.AlterDefaultPrivilegesStmt,
    ast.CommentStmt,
    ast.TransactionStmt,
)
"""Worded as differences, or none of a component's business."""

_OF_TRIGGERS = {
    AlterTableType.AT_EnableTrig,
    AlterTableType.AT_DisableTrig,
    AlterTableType.AT_EnableAlwaysTrig,
    AlterTableType.AT_EnableReplicaTrig,
}
"""What ALTER TABLE does to one trigger, which is worded with that trigger."""

_OWN_WORDING = {
    "index",
    "trigger",
    "policy",
    "view",
    "materialized view",
    "function",
    "procedure",
    "publication relation",
    "rule",
}
"""Kinds that hang on a component without being part of its structure."""

_HANGING = {"index", "trigger", "policy", "rule"}
"""Of these, what belongs to a table, which it does not take along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Legacy statements that stand together, and what they make."""

    statements: tuple[StatementId, ...]
    families: frozenset[ObjectId]
    """Tables, types and the like that are made here, under their final names."""
    with_rows: bool
    asked: frozenset[ObjectId] = frozenset()
    """Objects that would stand apart and are taken over by their names."""


def components(truth: Truth, choices: Choices) -> tuple[Component, ...]:
    """The components of all objects that the choices send to this rung, merged where they meet."""
    seeds = [*(frozenset({seed}) for seed in choices.as_was), *choices.knots]
    if not seeds:
        return ()
    index = _Index(truth)
    found: list[Component] = []
    for together in sorted(seeds, key=sorted):
        component = index.merged([index.component(seed) for seed in sorted(together)])
        while meeting := [c for c in found if c.families & component.families]:
            for other in meeting:
                found.remove(other)
            component = index.merged([component, *meeting])
        found.append(component)
    return tuple(found)


class _Index:
    """Which statement touched what, by the trace."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._read: dict[StatementId, set[str]] = {}
        self.by_object: dict[ObjectId, set[StatementId]] = defaultdict(set)
        self._own: dict[ObjectId, set[StatementId]] = defaultdict(set)
        """Of what has a wording of its own, and is taken over only if it is asked for."""
        self._touched: dict[StatementId, set[ObjectId]] = defaultdict(set)
        self._of_triggers: dict[ObjectId, set[StatementId]] = defaultdict(set)
        self._hung_on: dict[StatementId, set[ObjectId]] = defaultdict(set)
        for name, touches in truth.trace.touches.items():
            for touch in touches:
                self._add(truth.depend.family(name), name, touch.statement)
        for name, statement in truth.trace.created.items():
            self._add(truth.depend.family(name), name, statement)
        for name, statement in truth.trace.written.items():
            if name.kind == "table column":  # a parent's column comes to its children in silence
                table, _ = parted(name.identity, ".")
                self._add(ObjectId("table", table), name, statement)
        for name, touches in truth.trace.vanished.items():
            if name.kind in _HANGING and name in truth.trace.created:
                continue  # one that was made anew needs nothing of the one before it
            for touch in touches:
                self._add(name, name, touch.statement)

    def _add(self, family: ObjectId, name: ObjectId, statement: StatementId) -> None:
        if not self._is_structure(statement):
            return
        self._hung_on[statement].add(family)
        if name.kind in _OWN_WORDING:
            self._own[name].add(statement)
            return
        if _is_about_triggers(self._truth.statements[statement]):
            self._of_triggers[family].add(statement)
            return
        self.by_object[family].add(statement)
        self._touched[statement].add(family)

    def component(self, seed: ObjectId) -> Component:
        with_rows = seed.kind == "rows"
        families = {self._truth.depend.family(seed)} if seed.kind not in _HANGING else set()
        if with_rows:
            families = self._written_with(ObjectId("table", seed.identity))
        asked = {seed} if seed.kind in _OWN_WORDING else set()
        return self._closed(families, asked, with_rows=with_rows)

    def merged(self, parts: Iterable[Component]) -> Component:
        listed = list(parts)
        families = set().union(*(part.families for part in listed))
        asked = set().union(*(part.asked for part in listed))
        return self._closed(families, asked, with_rows=any(part.with_rows for part in listed))

    def _written_with(self, table: ObjectId) -> set[ObjectId]:
        """The tables written by the statements that wrote one of them, transitively."""
        found = {table}
        while True:
            more = {
                other
                for written in self._truth.trace.rows.values()
                if set(written) & found
                for other in written
            }
            if more <= found:
                return found
            found |= more

    def _closed(
        self, families: set[ObjectId], asked: set[ObjectId], *, with_rows: bool
    ) -> Component:
        statements: set[StatementId] = set()
        while True:
            found = {s for family in families for s in self.by_object.get(family, ())}
            found |= {s for name in asked for s in self._own.get(name, ())}
            if with_rows:
                found |= self._row_statements(families)
            found |= self._vanished_needs(found)
            touched = self._hung_on if with_rows else self._touched
            reached = {family for s in found for family in touched[s]}
            if found <= statements and reached <= families:
                break
            statements |= found
            families |= reached
        return Component(
            statements=tuple(sorted(statements, key=self._truth.order.__getitem__)),
            families=frozenset(families),
            with_rows=with_rows,
            asked=frozenset(asked),
        )

    def _row_statements(self, families: set[ObjectId]) -> set[StatementId]:
        found = {s for s, written in self._truth.trace.rows.items() if set(written) & families}
        found |= {s for family in families for s in self._of_triggers.get(family, ())}
        for name, touches in self._truth.trace.touches.items():
            hangs_on = self._truth.depend.family(name) in families
            reads = name.kind == "materialized view" and self._reads(name) & families
            if (hangs_on and name.kind == "trigger") or reads:
                found |= {t.statement for t in touches if self._is_structure(t.statement)}
        return found

    def _words(self, identifier: StatementId) -> set[str]:
        if identifier not in self._read:
            self._read[identifier] = _words(self._truth.statements[identifier])
        return self._read[identifier]

    def _is_structure(self, statement: StatementId) -> bool:
        return not isinstance(self._truth.statements[statement].tree, _NOT_STRUCTURE)

    def _reads(self, view: ObjectId) -> set[ObjectId]:
        rule = ObjectId("rule", f'"_RETURN" on {view.identity}')
        return set(self._truth.depend.needs.get(rule, ()))

    def _vanished_needs(self, statements: set[StatementId]) -> set[StatementId]:
        """Statements about vanished objects whose names the given statements speak."""
        words = set().union(*map(self._words, statements))
        found = set()
        for name, touches in self._truth.trace.vanished.items():
            if name.kind in _OWN_WORDING - {"function", "procedure"}:
                continue
            if _bare(name) in words:
                found |= {t.statement for t in touches if self._is_structure(t.statement)}
        return found


def _is_about_triggers(statement: Statement) -> bool:
    """Whether the statement makes a trigger, or says no more than when one shall fire."""
    tree = statement.tree
    if isinstance(tree, ast.AlterTableStmt):
        return all(command.subtype in _OF_TRIGGERS for command in tree.cmds or ())
    return isinstance(tree, ast.CreateTrigStmt)  # a constraint trigger is a constraint, too


def _words(statement: Statement) -> set[str]:
    return {
        statement.sql[token.start : token.end + 1].strip('"').lower()
        for token in tokens(statement.sql)
        if token.name == "IDENT" or token.kind != "NO_KEYWORD"
    }


def _bare(name: ObjectId) -> str:
    try:
        return split(name.identity.partition("(")[0].partition(" on ")[0])[-1].lower()
    except ValueError:
        return name.identity


def word(
    truth: Truth, found: Pieces, choices: Choices
) -> tuple[tuple[Unit, ...], frozenset[ObjectId], frozenset[ObjectId]]:
    """The units of this rung, the pieces that they cover, and the tables whose rows they bring."""
    units: list[Unit] = []
    covered: set[ObjectId] = set()
    filled: set[ObjectId] = set()
    for component in components(truth, choices):
        inside = component.families | component.asked
        why = next((why for knot, why in choices.knots.items() if knot <= inside), "")
        unit = _unit(truth, found, component)
        if why:
            unit = replace(unit, repair=f"as the history made it: {why}")
        units.append(unit)
        covered |= unit.members
        if component.with_rows:
            filled |= component.families
    return tuple(units), frozenset(covered), frozenset(filled)


def _unit(truth: Truth, found: Pieces, component: Component) -> Unit:
    chosen = set(component.statements)
    if not component.with_rows:
        chosen -= {
            s for s in chosen if s in truth.trace.rows and truth.statements[s].kind in _ROWS_ONLY
        }
    statements = sorted(chosen, key=truth.order.__getitem__)
    members = {name for name in found.all if _belongs(truth, name, component, chosen)}
    families = sorted(component.families & set(found.all)) or sorted(component.families)
    name = ObjectId("component", ", ".join(str(f) for f in families[:3]))
    said = [
        s
        for s in statements
        if truth.statements[s].sql and not isinstance(truth.statements[s].tree, ast.TransactionStmt)
    ]
    words = list(_in_their_sessions(truth, said))
    described = sorted(members & set(found.all))
    comments = [comment for member in described for comment in found.all[member].comments]
    return Unit(
        object=name,
        type="AS WAS",
        sql="\n\n".join([*filter(None, words), *comments]),
        rung=Rung.AS_WAS,
        ordinal=truth.order[statements[0]] if statements else len(truth.order),
        sources=tuple(statements),
        members=frozenset({name, *members}),
        needs=frozenset().union(*(_spoken_of(truth, s) for s in statements)),
        family=families[0],
    )


def _in_their_sessions(truth: Truth, statements: Iterable[StatementId]) -> Iterator[str]:
    """The statements with the search path before them that their names were looked up along."""
    usual = here = truth.trace.fresh.search_path
    for identifier in statements:
        session = truth.trace.sessions.get(identifier)
        path = session.search_path if session else usual
        if path != here:
            # `SET` takes what `SHOW` prints, but for the empty path, which that prints as a name
            yield (
                f"SET search_path = {path};" if path not in {"", '""'} else "SET search_path = '';"
            )
            here = path
        yield spelled(truth.statements[identifier], truth.previous.get(identifier))
    if here != usual:
        yield "RESET search_path;"


def _spoken_of(truth: Truth, statement: StatementId) -> frozenset[ObjectId]:
    """What a statement needs that runs something or writes rows; the server knows of the others."""
    if isinstance(truth.statements[statement].tree, _RUNNING):
        return truth.graph.speaks_of(statement) | truth.graph.statement_mentions(statement)
    wrote = statement in truth.trace.rows
    return truth.graph.speaks_of(statement) if wrote else frozenset()


_RUNNING = (ast.SelectStmt, ast.DoStmt, ast.CallStmt)
"""Statements that make nothing by themselves: what they run does."""


_ROWS_ONLY = {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt", "TruncateStmt"}


def _belongs(truth: Truth, name: ObjectId, component: Component, chosen: set[StatementId]) -> bool:
    target = bearer(name)
    if truth.trace.created.get(target) in chosen and name.kind != "row security":
        return True
    if truth.depend.family(target) not in component.families:
        return False
    if name.kind == "row security":
        return any(
            s in chosen and _enables_row_security(truth.statements[s])
            for s in (t.statement for t in truth.trace.touches.get(target, ()))
        )
    return name.kind not in _OWN_WORDING


def _enables_row_security(statement: Statement) -> bool:
    tree = statement.tree
    return isinstance(tree, ast.AlterTableStmt) and any(
        command.subtype == AlterTableType.AT_EnableRowSecurity for command in tree.cmds or ()
    )
