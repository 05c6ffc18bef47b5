"""BEGIN, COMMIT, ROLLBACK and savepoints, and DISCARD."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Tree

_UNKNOWN = "{} of what no statement before it begins: only the runner knows what that takes back"


def transaction(draft: Draft, node: Tree) -> None:
    """A transaction command; what ROLLBACK takes back has happened to nobody."""
    word = node.kind.name.removeprefix("TRANS_STMT_").lower().replace("_", " ")
    draft.transaction = "begin" if word == "start" else word
    journal = draft.world.journal
    draft.world.rolled_back_by = draft.statement.id
    match draft.transaction:
        case "begin":
            journal.begin()
        case "savepoint":
            journal.savepoint(node.savepoint_name)
        case "release":
            journal.release(node.savepoint_name)
        case "rollback to":
            if not journal.roll_back_to(node.savepoint_name):
                draft.opaque = _UNKNOWN.format("ROLLBACK TO")
        case "commit" | "rollback":
            _end(draft, node)
        case "prepare":
            journal.commit()
            draft.opaque = "PREPARE TRANSACTION: whether it holds, COMMIT PREPARED decides"
        case _:
            draft.opaque = f"{word.upper()} ends a transaction of another session"


def _end(draft: Draft, node: Tree) -> None:
    world, journal = draft.world, draft.world.journal
    if draft.transaction == "commit":
        draft.drop(world.dropped_on_commit())
        journal.commit()
    elif journal.is_open:
        journal.roll_back()
    else:
        draft.opaque = _UNKNOWN.format("ROLLBACK")
    if world.outer_scope is not None:
        world.scope, world.outer_scope = world.outer_scope, None
    if node.chain:
        journal.begin()


def discard(draft: Draft, node: Tree) -> None:
    """DISCARD: TEMP drops the session's own tables, ALL gives a fresh session."""
    target = node.target.name.removeprefix("DISCARD_").lower()
    if target in {"all", "temp"}:
        draft.drop(draft.world.temporary(), cascade=True)
    if target == "all":
        draft.outside_transaction = True
        draft.session["all"] = "default"
        draft.world.fresh_session()


HANDLERS = {"TransactionStmt": transaction, "DiscardStmt": discard}
