"""Words what a history changed on objects that the platform brought: as it was done.

There is no CREATE to word better: the authors' own statements, in legacy order, are the change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast

from consolidate import names
from consolidate.model import ObjectId, Statement, StatementId
from consolidate.wording import comments
from consolidate.wording.other_changes import setting
from consolidate.wording.platformnames import RENAMING
from consolidate.wording.restored import restored
from consolidate.wording.units import Choices, Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from consolidate.truth import Truth

_WORDED_ELSEWHERE = (
    *(ast.GrantStmt, ast.GrantRoleStmt, ast.AlterDefaultPrivilegesStmt, ast.CommentStmt),
    *(ast.InsertStmt, ast.UpdateStmt, ast.DeleteStmt, ast.MergeStmt, ast.CopyStmt),
    ast.TransactionStmt,
)
"""What these change has a wording of its own."""

_NEW_ON_TABLE = (ast.CreateTrigStmt, ast.CreatePolicyStmt, ast.IndexStmt, ast.RuleStmt)
"""What these make on a table has one, too, unless the platform had it under that name."""


def word(truth: Truth, choices: Choices) -> tuple[Unit, ...]:
    """One unit for the changed objects of the platform that share statements, which stand once."""
    units = []
    for changed, touching in _together(truth, choices.on_platform):
        statements = [truth.statements[s] for s in sorted(touching, key=truth.order.__getitem__)]
        written = "\n".join(f"{statement.sql};" for statement in statements)
        written = written or "\n".join(_settings(truth, changed[0]))
        made = [ObjectId("platform", str(name)) for name in changed]
        back = restored(truth, changed, statements, choices.on_platform)
        if not (written or back.statements or back.irreversible):
            continue
        units.append(
            Unit(
                object=made[0],
                type="PLATFORM",
                sql=written,
                rung=Rung.AS_WAS,
                ordinal=truth.order[statements[0].id] if statements else len(truth.order),
                sources=tuple(statement.id for statement in statements),
                members=frozenset(made),
                needs=frozenset().union(*(truth.graph.speaks_of(s.id) for s in statements)),
                family=made[0],
                undo=tuple(back.statements),
                irreversible=tuple(back.irreversible),
                cut=tuple(back.cut),
            )
        )
    return tuple(units)


def _together(
    truth: Truth, changed: Iterable[ObjectId]
) -> Sequence[tuple[Sequence[ObjectId], Collection[StatementId]]]:
    """The changed objects that a statement ties, such as a table and its partitions, and these."""
    found: list[tuple[list[ObjectId], set[StatementId]]] = []
    for name in sorted(changed):
        own, touching = [name], _touching(truth, name)
        apart = []
        for others, theirs in found:
            if touching.isdisjoint(theirs):
                apart.append((others, theirs))
            else:
                own, touching = [*others, *own], touching | theirs
        found = [*apart, (own, touching)]
    return [(sorted(own), touching) for own, touching in found]


def _touching(truth: Truth, name: ObjectId) -> set[StatementId]:
    """The legacy statements that changed the object itself."""
    found = {touch.statement for touch in truth.trace.touches.get(name, ())}
    found |= {touch.statement for touch in truth.trace.vanished.get(name, ())}
    found |= {touch.statement_id for touch in truth.graph.life(name)}
    found |= {s.id for s in truth.statements.values() if _is_about(s, name)}
    brought = truth.platform.facts.objects
    parts = {part for part in brought if part.identity.endswith(f" on {name.identity}")}
    for part in parts:
        found |= {touch.statement for touch in truth.trace.vanished.get(part, ())}
    columns = {p for p in brought - truth.final.facts.objects if comments.whole(p) == name}
    for part in columns:  # one that went with its type is dropped without a word of its table
        found |= {touch.statement_id for touch in truth.graph.life(part)}
    again = {truth.trace.created.get(part) for part in {name, *parts}}
    elsewhere = (*_WORDED_ELSEWHERE, *(RENAMING if truth.renames.there else ()))
    return {
        s
        for s in found | {s for s in again if s is not None}
        if s in truth.statements
        and not isinstance(truth.statements[s].tree, elsewhere)
        and (s in again or not isinstance(truth.statements[s].tree, _NEW_ON_TABLE))
    }


def _is_about(statement: Statement, name: ObjectId) -> bool:
    """Whether the statement changes settings of the role or of the database."""
    tree = statement.tree
    if isinstance(tree, ast.AlterDatabaseSetStmt | ast.AlterDatabaseStmt):
        return name.kind == "database"
    if isinstance(tree, ast.AlterRoleSetStmt | ast.AlterRoleStmt):
        role = names.quote(tree.role.rolename or "") if tree.role else "ALL"
        return name == ObjectId("role", role)
    return False


def _settings(truth: Truth, name: ObjectId) -> Iterator[str]:
    """What was set where no statement says so by itself, such as in a DO block."""
    before, after = truth.platform.facts.of(name), truth.final.facts.of(name)
    for attribute in sorted({*before, *after}):
        if before.get(attribute) != after.get(attribute):
            said = setting(name, attribute, after.get(attribute))
            if said is not None:
                yield said
