"""What a history asks of a server before it can be replayed there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from consolidate.model import Statement
    from consolidate.servers.interface import Server


def require(files: Iterable[Sequence[Statement]], servers: Sequence[Server]) -> None:
    """Finds out, without starting them, whether the servers have every extension that is created.

    Only CREATE EXTENSION is looked at; what a DO block or a function creates shows in the replay.

    Raises:
        EnvironmentProblem: A server lacks some; with the place of each.
    """
    asked = [s for file in files for s in file if s.kind == "CreateExtensionStmt"]
    problems: list[str] = []
    names: set[str] = set()
    for server in servers:
        offered = server.extensions()
        lacking = [s for s in asked if _name(s) not in offered]
        for statement in lacking:
            having = [other.url for other in servers if _name(statement) in other.extensions()]
            instead = f"; {' and '.join(having)} has it" if having else ""
            problems.append(f"{statement.span}: {server.url} lacks {_name(statement)}{instead}")
        names |= {_name(statement) for statement in lacking}
    if problems:
        raise EnvironmentProblem(
            f"The history creates {counted(len(names), 'extension')} that the server does not"
            f" have: {', '.join(sorted(names))}.",
            problems=tuple(problems),
            hint="The embedded servers carry plpgsql and nothing of PostgreSQL's contrib."
            " `--quarantine auto` sets aside the files that need more.",
        )


def _name(statement: Statement) -> str:
    name = getattr(statement.tree, "extname", "")
    return name if isinstance(name, str) else ""
