"""Triggers, policies, rules and event triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import resolve, tables
from consolidate.effects.alterations import role
from consolidate.effects.effect import Reason
from consolidate.effects.references import Call, Source, references, strings
from consolidate.effects.things import in_order

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree


def create_trigger(draft: Draft, node: Tree) -> None:
    """CREATE [OR REPLACE] [CONSTRAINT] TRIGGER."""
    world = draft.world
    table = resolve.relation(world, resolve.dotted(node.relation))
    existing = world.find("trigger", table, node.trigname)
    if node.replace and existing is not None:
        trigger = existing
        draft.replace(trigger)
    else:
        form = "row" if node.row else ""
        trigger = draft.create("trigger", node.trigname, table, form=form)
    if node.isconstraint and existing is None:
        made = draft.create("table constraint", node.trigname, table, form="t", auto={trigger})
        draft.need(made, trigger, Reason.PART_OF, tracked=False)
    for function in draft.called(Call(strings(node.funcname), 0)):
        draft.need(trigger, function, Reason.TRIGGER)
    for name in strings(node.columns):
        draft.need(trigger, resolve.column(world, table, name), Reason.TRIGGER)
    frame = tuple(Source(alias, table) for alias in ("new", "old"))
    draft.refer(references(node.whenClause, frame=frame), trigger, Reason.TRIGGER)
    if node.constrrel:
        draft.need(trigger, resolve.relation(world, resolve.dotted(node.constrrel)), Reason.TRIGGER)
    world.made_in_texts.update(given.name for given in node.transitionRels or ())
    if node.row:
        for child in world.children(table):
            if child.form.startswith("partition"):
                tables.clone_trigger(draft, child, trigger)


def create_policy(draft: Draft, node: Tree) -> None:
    """CREATE POLICY."""
    table = resolve.relation(draft.world, resolve.dotted(node.table))
    policy = draft.create("policy", node.policy_name, table)
    _policy_parts(draft, policy, node)


def alter_policy(draft: Draft, node: Tree) -> None:
    """ALTER POLICY: what it does not name stays."""
    table = resolve.relation(draft.world, resolve.dotted(node.table))
    policy = resolve.assume(draft.world, "policy", node.policy_name, table)
    if node.roles:
        draft.alter(policy, "roles")
        for old in in_order(thing for thing in policy.needs if thing.kind == "role"):
            draft.release(policy, old)
            policy.needs.discard(old)
    given = _clauses(node)
    if given and given >= set(policy.form.split(", ")) - {""}:
        draft.alter(policy, "expression")
        policy.needs.clear()
    else:
        for clause in sorted(given):
            draft.alter(policy, clause)
    _policy_parts(draft, policy, node)


def _clauses(node: Tree) -> set[str]:
    given = {"using": node.qual, "with check": node.with_check}
    return {name for name, expression in given.items() if expression is not None}


def _policy_parts(draft: Draft, policy: Thing, node: Tree) -> None:
    table = policy.within
    policy.form = ", ".join(sorted(_clauses(node) | set(policy.form.split(", ")) - {""}))
    frame = (Source(table.name, table),) if table else ()
    found = references(node.qual, node.with_check, frame=frame)
    draft.refer(found, policy, Reason.POLICY)
    for spec in node.roles or ():
        if spec.roletype.name != "ROLESPEC_PUBLIC":
            draft.need(policy, role(draft, spec), Reason.ROLE)


def create_rule(draft: Draft, node: Tree) -> None:
    """CREATE [OR REPLACE] RULE."""
    relation = resolve.relation(draft.world, resolve.dotted(node.relation))
    existing = draft.world.find("rule", relation, node.rulename)
    if node.replace and existing is not None:
        rule = existing
        draft.replace(rule)
    else:
        rule = draft.create("rule", node.rulename, relation)
    frame = tuple(Source(alias, relation) for alias in ("new", "old"))
    draft.refer(references(node.whereClause, node.actions, frame=frame), rule, Reason.RULE)


def create_event_trigger(draft: Draft, node: Tree) -> None:
    """CREATE EVENT TRIGGER: from now on every statement may do more than it says."""
    trigger = draft.create("event trigger", node.trigname)
    for function in draft.called(Call(strings(node.funcname), 0)):
        draft.need(trigger, function, Reason.TRIGGER)
    draft.opaque = "an event trigger may change the effect of every later statement"


def alter_event_trigger(draft: Draft, node: Tree) -> None:
    """ALTER EVENT TRIGGER … ENABLE or DISABLE."""
    draft.alter(resolve.assume(draft.world, "event trigger", node.trigname), "enabled")
    draft.opaque = "an event trigger may change the effect of every later statement"


HANDLERS = {
    "CreateTrigStmt": create_trigger,
    "CreatePolicyStmt": create_policy,
    "AlterPolicyStmt": alter_policy,
    "RuleStmt": create_rule,
    "CreateEventTrigStmt": create_event_trigger,
    "AlterEventTrigStmt": alter_event_trigger,
}
