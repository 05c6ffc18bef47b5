"""What statements do to objects, read from their syntax trees alone.

Nothing here raises on a statement it does not know: it gives an opaque effect with a reason.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from consolidate.effects import (
    adapters,
    alterations,
    cluster,
    containers,
    definitions,
    drops,
    foreign,
    indexes,
    maintenance,
    operators,
    prepared,
    renames,
    rights,
    routines,
    rows,
    search,
    session,
    statistics,
    tables,
    transactions,
    triggers,
    types,
    views,
)
from consolidate.effects.draft import Draft
from consolidate.effects.effect import Effect, Mention, Need, Reason
from consolidate.effects.world import Scope, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from consolidate.effects.things import Tree
    from consolidate.model import Manner, Statement

HANDLERS: Mapping[str, Callable[[Draft, Tree], object]] = {
    name: handler
    for family in (
        adapters,
        alterations,
        cluster,
        containers,
        definitions,
        drops,
        foreign,
        indexes,
        maintenance,
        operators,
        prepared,
        renames,
        rights,
        routines,
        rows,
        search,
        session,
        statistics,
        tables,
        transactions,
        triggers,
        types,
        views,
    )
    for name, handler in family.HANDLERS.items()
}

_DEEPEST = 20_000
"""How many calls may be open; a tree that needs more is told to be too deep."""

_OUTSIDE_TRANSACTION = frozenset(
    {
        "AlterSystemStmt",
        "CreateSubscriptionStmt",
        "CreateTableSpaceStmt",
        "CreatedbStmt",
        "DropSubscriptionStmt",
        "DropTableSpaceStmt",
        "DropdbStmt",
    }
)


def run(
    statements: Iterable[Statement],
    *,
    before: Iterable[Statement] = (),
    scope: Scope | None = None,
    manner: Manner | None = None,
) -> tuple[Effect, ...]:
    """The effect of every statement of a history, in order.

    Args:
        statements: In the order in which they are applied.
        before: What builds the platform's objects; their effects are not returned.
        scope: The session at the start, and the major version whose names are wanted.
        manner: How the runner applies the files. By default each gets a session of its own, and
            whether it gets a transaction is not known: SET LOCAL holds.
    """
    world = World(scope or Scope())
    drafts: list[Draft] = []
    path = None
    with _room():
        for statement in before:
            _read(statement, world)
        world.fresh_session(scope)
        for statement in statements:
            if path != statement.path:
                if path is not None and not (manner and manner.keeps_session):
                    world.fresh_session(scope)
                world.begin_file(wrapped=manner is None or statement.path in manner.wrapped)
            path = statement.path
            drafts.append(_read(statement, world))
        return tuple(draft.finish() for draft in drafts)


@contextmanager
def _room() -> Iterator[None]:
    """PostgreSQL takes expressions thousands of levels deep, and each level is several calls."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def of(statement: Statement, *, scope: Scope | None = None) -> Effect:
    """The effect of one statement when nothing before it is known."""
    return run((statement,), scope=scope)[0]


def _read(statement: Statement, world: World) -> Draft:
    draft = Draft(statement, world, _dispatch)
    if statement.tree is not None:
        _dispatch(draft, statement.tree)
    elif statement.sql:
        draft.opaque = "the statement has no syntax tree"
    if draft.transaction is None:
        world.journal.record(draft.take_back)
    return draft


def _dispatch(draft: Draft, node: Tree) -> None:
    """Hands the node to its family; a tree that a handler can not read makes it opaque."""
    kind = type(node).__name__
    draft.outside_transaction = kind in _OUTSIDE_TRANSACTION
    handler = HANDLERS.get(kind)
    if handler is None:
        draft.opaque = f"{kind} is not understood"
        return
    try:
        handler(draft, node)
    except RecursionError:
        draft.opaque = f"{kind} could not be read: it is nested too deeply"
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        draft.opaque = f"{kind} could not be read: {error}"


__all__ = ["Effect", "Mention", "Need", "Reason", "Scope", "of", "run"]
