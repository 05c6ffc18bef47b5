"""Session settings and transaction commands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate.effects.references import constant
from consolidate.effects.world import DEFAULT_PATH, DEFAULT_ROLE

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Tree
    from consolidate.effects.world import Scope

_ROLES = frozenset({"role", "session_authorization"})


def set_variable(draft: Draft, node: Tree) -> None:
    """SET and RESET."""
    world = draft.world
    if node.kind.name == "VAR_RESET_ALL":
        draft.session["all"] = "default"
        world.scope = replace(world.scope, search_path=DEFAULT_PATH)
        draft.world.checks_bodies = True
        return
    if node.kind.name == "VAR_SET_MULTI":
        draft.session[node.name.lower()] = "set"
        return
    name = node.name.lower()
    values = _values(node)
    draft.session[name] = ", ".join(values) if values is not None else "default"
    if node.is_local and world.outer_scope is None:
        world.outer_scope = world.scope
    world.scope = under_setting(world.scope, node)
    if name == "check_function_bodies":
        draft.world.checks_bodies = values is None or values[0].lower() not in {
            "off",
            "false",
            "0",
            "no",
        }


def under_setting(scope: Scope, node: Tree) -> Scope:
    """The scope with one SET clause applied; names in a search_path stand one by one."""
    name = (node.name or "").lower()
    values = _values(node)
    if name == "search_path":
        return replace(scope, search_path=DEFAULT_PATH if values is None else _schemas(values))
    if name in _ROLES:
        role = values[0] if values and values[0] != "none" else DEFAULT_ROLE
        return replace(scope, role=role)
    return scope


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
    draft.session[name.lower()] = value
    if name.lower() == "search_path":
        parts = tuple(p.strip().strip('"') for p in value.split(","))
        draft.world.scope = replace(draft.world.scope, search_path=_schemas(parts))


def transaction(draft: Draft, node: Tree) -> None:
    """BEGIN, COMMIT, ROLLBACK and savepoints."""
    word = node.kind.name.removeprefix("TRANS_STMT_").lower().replace("_", " ")
    draft.transaction = "begin" if word == "start" else word
    if word in {"commit", "rollback"}:
        end_transaction(draft)
    if word in {"rollback", "rollback to"}:
        draft.opaque = f"{word.upper()} takes back statements before it"
    elif "prepare" in word:
        draft.opaque = f"{word.upper()} is not understood"


def end_transaction(draft: Draft) -> None:
    """What SET LOCAL has hidden comes back."""
    if draft.world.outer_scope is not None:
        draft.world.scope = draft.world.outer_scope
        draft.world.outer_scope = None


def discard(draft: Draft, node: Tree) -> None:
    """DISCARD ALL gives a fresh session."""
    draft.session["all"] = "default"
    if node.target.name == "DISCARD_ALL":
        draft.world.fresh_session()


def outside(draft: Draft, node: Tree) -> None:
    """VACUUM: no object changes."""
    draft.outside_transaction = bool(node.is_vacuumcmd)


def reindex(draft: Draft, node: Tree) -> None:
    """REINDEX: no object changes."""
    names = {option.defname for option in node.params or ()}
    whole = node.kind.name in {"REINDEX_OBJECT_DATABASE", "REINDEX_OBJECT_SYSTEM"}
    draft.outside_transaction = "concurrently" in names or whole


def nothing(draft: Draft, node: Tree) -> None:
    """Does nothing: LISTEN, LOCK, CHECKPOINT and SET CONSTRAINTS leave no trace."""


HANDLERS = {
    "VariableSetStmt": set_variable,
    "TransactionStmt": transaction,
    "DiscardStmt": discard,
    "VacuumStmt": outside,
    "ReindexStmt": reindex,
    **dict.fromkeys(
        (
            "CheckPointStmt",
            "ConstraintsSetStmt",
            "ListenStmt",
            "LockStmt",
            "NotifyStmt",
            "UnlistenStmt",
            "VariableShowStmt",
        ),
        nothing,
    ),
}
