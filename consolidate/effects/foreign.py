"""Foreign-data wrappers, servers, user mappings, foreign tables and subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import resolve, tables
from consolidate.effects.alterations import role
from consolidate.effects.effect import Reason
from consolidate.effects.references import strings

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree

_WRAPPER = "foreign-data wrapper"
_MAPPING = "user mapping"


def create_wrapper(draft: Draft, node: Tree) -> None:
    """CREATE FOREIGN DATA WRAPPER."""
    made = draft.create(_WRAPPER, node.fdwname)
    _functions(draft, made, node)


def alter_wrapper(draft: Draft, node: Tree) -> None:
    """ALTER FOREIGN DATA WRAPPER."""
    found = resolve.assume(draft.world, _WRAPPER, node.fdwname)
    draft.alter(found, "options")
    _functions(draft, found, node)


def _functions(draft: Draft, made: Thing, node: Tree) -> None:
    for option in node.func_options or ():
        for function in draft.routines(strings(option.arg)) if option.arg else ():
            draft.need(made, function, Reason.BODY)


def create_server(draft: Draft, node: Tree) -> None:
    """CREATE SERVER."""
    if node.if_not_exists and draft.spares("server", None, node.servername):
        return
    made = draft.create("server", node.servername)
    draft.need(made, resolve.assume(draft.world, _WRAPPER, node.fdwname), Reason.MEMBER)


def alter_server(draft: Draft, node: Tree) -> None:
    """ALTER SERVER: its version, its options."""
    found = resolve.assume(draft.world, "server", node.servername)
    if node.has_version:
        draft.alter(found, "version")
    if node.options:
        draft.alter(found, "options")


def create_mapping(draft: Draft, node: Tree) -> None:
    """CREATE USER MAPPING."""
    server = resolve.assume(draft.world, "server", node.servername)
    name = _user(draft, node.user)
    if node.if_not_exists and draft.spares(_MAPPING, server, name):
        return
    made = draft.create(_MAPPING, name, server)
    draft.need(made, server, Reason.MEMBER)


def alter_mapping(draft: Draft, node: Tree) -> None:
    """ALTER USER MAPPING."""
    server = resolve.assume(draft.world, "server", node.servername)
    draft.alter(resolve.assume(draft.world, _MAPPING, _user(draft, node.user), server), "options")


def drop_mapping(draft: Draft, node: Tree) -> None:
    """DROP USER MAPPING."""
    server = draft.world.find("server", None, node.servername)
    name = _user(draft, node.user)
    found = draft.world.find(_MAPPING, server, name) if server else None
    if found is None and node.missing_ok:
        return
    server = server or resolve.assume(draft.world, "server", node.servername)
    draft.drop([found or resolve.assume(draft.world, _MAPPING, name, server)])


def _user(draft: Draft, spec: Tree) -> str:
    """Whose mapping it is: PUBLIC's is spelled `public`."""
    if spec.roletype.name == "ROLESPEC_PUBLIC":
        return "public"
    owner = role(draft, spec)
    draft.need(None, owner, Reason.ROLE)
    return owner.name


def create_table(draft: Draft, node: Tree) -> None:
    """CREATE FOREIGN TABLE: a table whose rows another server has."""
    made = tables.create_table(draft, node.base, "foreign table")
    if made is not None:
        server = resolve.assume(draft.world, "server", node.servername)
        draft.need(made, server, Reason.MEMBER)


def import_schema(draft: Draft, node: Tree) -> None:
    """IMPORT FOREIGN SCHEMA: which tables there are on the other server, only that knows."""
    draft.need(None, resolve.assume(draft.world, "server", node.server_name), Reason.TARGET)
    draft.need(None, resolve.schema(draft.world, node.local_schema), Reason.PART_OF)
    draft.opaque = "IMPORT FOREIGN SCHEMA: which tables it makes only the other server knows"


def create_subscription(draft: Draft, node: Tree) -> None:
    """CREATE SUBSCRIPTION: its publications are another server's."""
    draft.create("subscription", node.subname)


def alter_subscription(draft: Draft, node: Tree) -> None:
    """ALTER SUBSCRIPTION."""
    aspect = node.kind.name.removeprefix("ALTER_SUBSCRIPTION_").lower().replace("_", " ")
    draft.alter(resolve.assume(draft.world, "subscription", node.subname), aspect)


def drop_subscription(draft: Draft, node: Tree) -> None:
    """DROP SUBSCRIPTION."""
    found = draft.world.find("subscription", None, node.subname)
    if found is not None or not node.missing_ok:
        draft.drop([found or resolve.assume(draft.world, "subscription", node.subname)])


HANDLERS = {
    "CreateFdwStmt": create_wrapper,
    "AlterFdwStmt": alter_wrapper,
    "CreateForeignServerStmt": create_server,
    "AlterForeignServerStmt": alter_server,
    "CreateUserMappingStmt": create_mapping,
    "AlterUserMappingStmt": alter_mapping,
    "DropUserMappingStmt": drop_mapping,
    "CreateForeignTableStmt": create_table,
    "ImportForeignSchemaStmt": import_schema,
    "CreateSubscriptionStmt": create_subscription,
    "AlterSubscriptionStmt": alter_subscription,
    "DropSubscriptionStmt": drop_subscription,
}
