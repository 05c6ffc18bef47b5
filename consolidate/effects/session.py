"""Session settings, and statements that leave no trace."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate.effects import resolve
from consolidate.effects.effect import Reason
from consolidate.effects.references import constant
from consolidate.names import fold

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Tree
    from consolidate.effects.world import Scope

_ROLES = frozenset({"role", "session_authorization"})


def set_variable(draft: Draft, node: Tree) -> None:
    """SET and RESET. RESET ALL leaves the role as it is (`GUC_NO_RESET_ALL`).

    SET LOCAL outside of a transaction does nothing but warn (25P01).
    """
    world = draft.world
    if node.is_local and not world.in_transaction:
        return
    if node.kind.name == "VAR_RESET_ALL":
        draft.session["all"] = "default"
        world.scope = replace(world.scope, search_path=world.start.search_path)
        world.checks_bodies = True
        return
    if node.kind.name == "VAR_SET_MULTI":
        draft.session[node.name.lower()] = "set"
        return
    name = node.name.lower()
    values = _values(node)
    draft.session[name] = ", ".join(values) if values is not None else "default"
    _set(draft, node, local=bool(node.is_local))
    if name in _ROLES and world.scope.role != world.start.role:
        draft.need(None, resolve.assume(world, "role", world.scope.role), Reason.ROLE)
    if name == "check_function_bodies":
        draft.world.checks_bodies = values is None or values[0].lower() not in _OFF


_OFF = frozenset({"off", "false", "0", "no"})


def _set(draft: Draft, node: Tree, *, local: bool) -> None:
    """What SET LOCAL hides comes back with the transaction's end; what SET says there stays."""
    world = draft.world
    if local and world.outer_scope is None:
        world.outer_scope = world.scope
    elif not local and world.outer_scope is not None:
        world.outer_scope = under_setting(world.outer_scope, node, world.start)
    world.scope = under_setting(world.scope, node, world.start)


def under_setting(scope: Scope, node: Tree, start: Scope) -> Scope:
    """The scope with one SET clause applied; names in a search_path stand one by one.

    Args:
        scope: Before the clause.
        node: The clause, of a function or a SET of its own.
        start: What RESET and DEFAULT bring back.
    """
    name = (node.name or "").lower()
    values = _values(node)
    if node.kind.name == "VAR_SET_CURRENT":
        return scope
    if name == "search_path":
        return replace(scope, search_path=start.search_path if values is None else _schemas(values))
    if name in _ROLES:
        role = values[0] if values and values[0] not in _OWN_ROLE else start.role
        return replace(scope, role=role)
    return scope


_OWN_ROLE = frozenset({"none", "default"})
"""As what the roles of a session are spelled that are its own."""


def _schemas(values: tuple[str, ...]) -> tuple[str, ...]:
    """`SET search_path = ''` names one schema with an empty name, which is none."""
    return tuple(v for v in values if v)


def _values(node: Tree) -> tuple[str, ...] | None:
    """The values as text, or None for DEFAULT, RESET and FROM CURRENT."""
    if node.kind.name != "VAR_SET_VALUE":
        return None
    return tuple(_text(argument) for argument in node.args or ())


def _text(node: Tree) -> str:
    text = constant(node)
    if text is not None:
        return text
    value = getattr(node, "val", None)
    for slot in ("ival", "fval", "boolval"):
        if hasattr(value, slot):
            return str(getattr(value, slot))
    return "?"


def set_config(draft: Draft, arguments: tuple[Tree, ...]) -> None:
    """A setting made by a SELECT, as dumps make theirs."""
    name, value = (constant(argument) for argument in arguments[:2])
    if name is None or value is None:
        draft.opaque = "set_config() with a computed name or value"
        return
    world = draft.world
    if _is_local(arguments) and not world.in_transaction:
        return  # it holds for its own statement
    draft.session[name.lower()] = value
    if name.lower() == "search_path":
        schemas = _schemas(_path(value))
    elif name.lower() == "check_function_bodies":
        world.checks_bodies = value.lower() not in _OFF
        return
    elif name.lower() in _ROLES:
        role = world.start.role if value in _OWN_ROLE else value
        world.scope = replace(world.scope, role=role)
        return
    else:
        return
    if _is_local(arguments) and world.outer_scope is None:
        world.outer_scope = world.scope
    world.scope = replace(world.scope, search_path=schemas)


def _is_local(arguments: tuple[Tree, ...]) -> bool:
    value = getattr(arguments[-1], "val", None)
    return bool(getattr(value, "boolval", False))


def _path(text: str) -> tuple[str, ...]:
    """The names of a list as `SplitIdentifierString` folds them."""
    return tuple(fold(part.strip()) for part in text.split(","))


def lock(draft: Draft, node: Tree) -> None:
    """LOCK TABLE: no object changes."""
    for relation in node.relations:
        found = resolve.relation(draft.world, resolve.dotted(relation))
        draft.need(None, found, Reason.TARGET)


def nothing(draft: Draft, node: Tree) -> None:
    """Does nothing: LISTEN, CHECKPOINT and SET CONSTRAINTS leave no trace."""


HANDLERS = {
    "VariableSetStmt": set_variable,
    "LockStmt": lock,
    **dict.fromkeys(
        (
            "CheckPointStmt",
            "ConstraintsSetStmt",
            "ListenStmt",
            "NotifyStmt",
            "UnlistenStmt",
            "VariableShowStmt",
        ),
        nothing,
    ),
}
