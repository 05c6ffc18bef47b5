"""Says in words what a GRANT or REVOKE gives or takes, and whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consolidate import names
from consolidate.phrases import listed

if TYPE_CHECKING:
    from consolidate.model import ObjectId, Statement

_MOST = 4
"""Names that are listed of one kind."""

ALL = "all rights"
"""What stands for every right that there is on an object."""
_ROLES = {
    "ROLESPEC_PUBLIC": "everybody",
    "ROLESPEC_CURRENT_USER": "current_user",
    "ROLESPEC_CURRENT_ROLE": "current_role",
    "ROLESPEC_SESSION_USER": "session_user",
}
"""Those that are no names (`RoleSpec`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granting:
    """What one statement does to rights or to memberships."""

    gives: bool
    roles: tuple[str, ...]
    """Who gets it, or loses it."""
    groups: tuple[str, ...] = ()
    """What these become members of; empty if it is about rights."""
    privileges: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The rights, each with the columns that it is on, if it is on columns; none if all are."""
    option: bool = False
    """Whether it is about passing it on."""

    def on(self, thing: ObjectId) -> str:
        """What is given or taken of one object, and whom: `SELECT granted to app`."""
        verb = "granted to" if self.gives else "revoked from"
        passed_on = "with grant option " if self.gives and self.option else ""
        return f"{self._what(thing)} {passed_on}{verb} {listed(self.roles, _MOST)}"

    def of(self, role: str, things: tuple[ObjectId, ...]) -> str:
        """The same as the role sees it: `SELECT on table public.t granted to it`.

        Empty where it is not about that role.
        """
        if role in self.groups:
            verb = "taken in as a member" if self.gives else "let go as a member"
            return f"{listed(self.roles, _MOST)} {verb}"
        if role not in self.roles or not things:
            return ""
        rights = dict.fromkeys(self._what(thing) for thing in things)
        shown = listed([_named(thing) for thing in things], _MOST)
        verb = "granted to" if self.gives else "revoked from"
        return f"{', '.join(rights)} on {shown} {verb} it"

    @property
    def membership(self) -> str:
        """What becomes of a member: `made a member of editors`."""
        if self.option and not self.gives:
            return f"membership of {listed(self.groups, _MOST)} changed"
        verb = "made" if self.gives else "no longer"
        return f"{verb} a member of {listed(self.groups, _MOST)}"

    def rights(self, thing: ObjectId) -> tuple[str, ...]:
        """The rights that are given or taken of one object, `ALL` for all that there are."""
        column = names.split(thing.identity)[-1] if thing.kind.endswith(" column") else ""
        named = [right for right, on in self.privileges if (column in on if column else not on)]
        return tuple(named) or (ALL,)

    def _what(self, thing: ObjectId) -> str:
        what = ", ".join(self.rights(thing))
        return f"grant option for {what}" if self.option and not self.gives else what


def read(statement: Statement | None) -> Granting | None:
    """What the statement grants or revokes; None if it does neither."""
    tree: Any = statement.tree if statement else None
    match type(tree).__name__:
        case "GrantStmt":
            return _rights(tree)
        case "AlterDefaultPrivilegesStmt":
            return _rights(tree.action)
        case "GrantRoleStmt":
            return Granting(
                gives=tree.is_grant,
                roles=tuple(map(_role, tree.grantee_roles)),
                groups=tuple(names.quote(one.priv_name) for one in tree.granted_roles),
                option=bool(tree.opt),
            )
        case _:
            return None


def _rights(tree: Any) -> Granting:  # noqa: ANN401 - pglast's trees are not typed
    return Granting(
        gives=tree.is_grant,
        roles=tuple(map(_role, tree.grantees)),
        privileges=tuple(
            (
                one.priv_name.upper() if one.priv_name else ALL,
                tuple(column.sval for column in one.cols or ()),
            )
            for one in tree.privileges or ()
        ),
        option=bool(tree.grant_option),
    )


def _role(spec: Any) -> str:  # noqa: ANN401 - pglast's trees are not typed
    known = _ROLES.get(spec.roletype.name)
    return known or names.quote(spec.rolename)


def _named(thing: ObjectId) -> str:
    """An object, or what a default is about."""
    if thing.kind != "default acl":
        return str(thing)
    whose, what = names.parted(thing.identity, " on ")
    return f"new {what} {whose}"
