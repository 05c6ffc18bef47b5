"""Which statements change what belongs to a whole server, and may not run on somebody else's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.phrases import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from consolidate.model import Statement
    from consolidate.servers.interface import Server

_MOST = 60
"""Characters of a statement that are shown."""

_ROLES = frozenset(
    {
        *("CreateRoleStmt", "AlterRoleStmt", "AlterRoleSetStmt", "DropRoleStmt", "GrantRoleStmt"),
        "ReassignOwnedStmt",
    }
)
_OTHERS = frozenset(
    {
        *("CreatedbStmt", "DropdbStmt", "AlterDatabaseStmt", "AlterDatabaseSetStmt"),
        *("AlterDatabaseRefreshCollStmt", "AlterSystemStmt", "CreateTableSpaceStmt"),
        *("DropTableSpaceStmt", "AlterTableSpaceOptionsStmt", "CreateSubscriptionStmt"),
    }
)
"""Databases, tablespaces and the server's settings; a subscription connects to other servers."""

_SHARED = {"OBJECT_ROLE": True, "OBJECT_DATABASE": False, "OBJECT_TABLESPACE": False}
"""Kinds of objects that COMMENT, GRANT and the like may name; whether they are roles."""

_FIELDS = ("objtype", "objectType", "renameType")
"""Where a statement's tree has that kind."""

_IN_CODE = re.compile(
    r"\b(?:create|alter|drop)\s+(?P<what>role|user(?!\s+mapping)|group|database|tablespace|system)\b",
    re.IGNORECASE,
)
_ROLE_WORDS = frozenset({"role", "user", "group"})


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that reaches beyond its database."""

    place: str
    """`file:line:col`."""
    sql: str
    """The statement."""
    roles: bool
    """Whether it is about roles, which can be made and dropped again; nothing else can."""

    def __str__(self) -> str:
        told = one_line(self.sql)
        return f"{self.place}: {told if len(told) <= _MOST else f'{told[:_MOST]}…'}"


def changes(files: Iterable[Sequence[Statement]]) -> Iterator[Change]:
    """The statements of a history that do, in apply order.

    In the code of a DO block it is told by its words. What a function does shows when it is called:
    a server that is not ours is looked at before and after.
    """
    for statement in (statement for file in files for statement in file):
        roles = _about_roles(statement)
        if roles is not None:
            yield Change(str(statement.span), statement.sql, roles)


def _about_roles(statement: Statement) -> bool | None:
    """Whether a statement is about roles; None where it stays within its database."""
    if statement.kind in _ROLES:
        return True
    if statement.kind in _OTHERS:
        return False
    if statement.kind == "DoStmt":
        found = _IN_CODE.search(statement.sql)
        return found["what"].lower() in _ROLE_WORDS if found else None
    named = (getattr(statement.tree, field, None) for field in _FIELDS)
    return next((_SHARED[kind.name] for kind in named if kind and kind.name in _SHARED), None)


_ALLOW = (
    "Prove it on a server that can be thrown away, such as docker://IMAGE or local://MAJOR. Or"
    " --allow-cluster-changes lets it make roles there, which are dropped again: nobody else may"
    " make any meanwhile."
)
_ELSEWHERE = (
    "Prove it on a server that can be thrown away: docker://IMAGE, local://MAJOR or embedded://18."
)


def require(files: Iterable[Sequence[Statement]], servers: Sequence[Server]) -> None:
    """Sees to it that a history leaves alone what is not ours.

    Args:
        files: What is applied: the platform's SQL and the history.
        servers: Where.

    Raises:
        EnvironmentProblem: It does not, on a server that others use; with every place.
    """
    guests = [server for server in servers if server.guest]
    if not guests:
        return
    found = list(changes(files))
    for server in guests:
        refused = [one for one in found if not (one.roles and server.allow_cluster_changes)]
        if refused:
            raise EnvironmentProblem(
                f"{server.url} is not ours alone, and the history changes what belongs to the whole"
                " server.",
                problems=tuple(map(str, refused)),
                hint=_ALLOW if all(one.roles for one in refused) else _ELSEWHERE,
            )
