"""Stories of small histories, as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import effects, graph, statements
from consolidate.lookup import Directory
from consolidate.model import Migration
from consolidate.story import Stories

if TYPE_CHECKING:
    from consolidate.graph import DependencyGraph
    from consolidate.model import Statement
    from consolidate.story import Story, Tie


def parsed(*files: str) -> list[Statement]:
    """The statements of a history whose files are 1.sql, 2.sql, …"""
    return [
        statement
        for number, text in enumerate(files, 1)
        for statement in statements.parse(
            Migration(number=number, path=f"{number}.sql", version="", text=text, sha256="")
        )
        if statement.sql
    ]


def graph_of(*files: str, before: str = "", major: int = 18) -> DependencyGraph:
    """The graph of such a history."""
    scope = effects.Scope(major=major)
    return graph.build(effects.run(parsed(*files), before=parsed(before), scope=scope))


def stories(typed: str, *files: str, before: str = "", major: int = 18) -> list[Story]:
    """The stories of all that a name means there."""
    found = graph_of(*files, before=before, major=major)
    teller = Stories(found, parsed(*files), graph.made_by([("the platform", before)]))
    return [teller.of(node) for node in Directory(found).find(typed).incarnations]


def life(story: Story) -> list[str]:
    """What happened, a line each."""
    return [f"{one.place.path}:{one.place.line} {one.told}" for one in story.events]


def tied(ties: tuple[Tie, ...]) -> list[str]:
    """Dependencies, a line each."""
    return [
        f"{tie.object}: {tie.reason} {', '.join(f'{one.path}:{one.line}' for one in tie.places)}"
        + (" gone" if tie.gone else "")
        for tie in ties
    ]
