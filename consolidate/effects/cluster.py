"""What belongs to the whole cluster: databases, tablespaces and the server's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import resolve
from consolidate.effects.alterations import role
from consolidate.effects.effect import Reason

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Tree


def create_database(draft: Draft, node: Tree) -> None:
    """CREATE DATABASE; what its template holds is in it, and no statement of a file ever is."""
    made = draft.create("database", node.dbname)
    for option in node.options or ():
        if option.defname == "owner" and option.arg is not None:
            owner = resolve.assume(draft.world, "role", option.arg.sval)
            draft.need(made, owner, Reason.ROLE)
        elif option.defname == "tablespace" and option.arg is not None:
            where = resolve.assume(draft.world, "tablespace", option.arg.sval)
            draft.need(made, where, Reason.PART_OF)


def alter_database(draft: Draft, node: Tree) -> None:
    """ALTER DATABASE: options, settings, or the version of its collation."""
    aspects = {"AlterDatabaseSetStmt": "settings", "AlterDatabaseRefreshCollStmt": "version"}
    found = resolve.assume(draft.world, "database", node.dbname)
    draft.alter(found, aspects.get(type(node).__name__, "options"))
    options = getattr(node, "options", None) or ()
    draft.outside_transaction = any(option.defname == "tablespace" for option in options)


def drop_database(draft: Draft, node: Tree) -> None:
    """DROP DATABASE."""
    _drop(draft, "database", node.dbname, missing_ok=node.missing_ok)


def create_tablespace(draft: Draft, node: Tree) -> None:
    """CREATE TABLESPACE."""
    made = draft.create("tablespace", node.tablespacename)
    if node.owner:
        draft.need(made, role(draft, node.owner), Reason.ROLE)


def alter_tablespace(draft: Draft, node: Tree) -> None:
    """ALTER TABLESPACE … SET or RESET."""
    draft.alter(resolve.assume(draft.world, "tablespace", node.tablespacename), "options")


def drop_tablespace(draft: Draft, node: Tree) -> None:
    """DROP TABLESPACE."""
    _drop(draft, "tablespace", node.tablespacename, missing_ok=node.missing_ok)


def _drop(draft: Draft, kind: str, name: str, *, missing_ok: bool) -> None:
    found = draft.world.find(kind, None, name)
    if found is not None or not missing_ok:
        draft.drop([found or resolve.assume(draft.world, kind, name)])


def move_all(draft: Draft, node: Tree) -> None:
    """ALTER TABLE, INDEX or MATERIALIZED VIEW ALL IN TABLESPACE: where each is, is not followed."""
    for name in (node.orig_tablespacename, node.new_tablespacename):
        draft.need(None, resolve.assume(draft.world, "tablespace", name), Reason.TARGET)
    draft.opaque = "ALL IN TABLESPACE: what is in a tablespace only a server knows"


def alter_system(draft: Draft, node: Tree) -> None:
    """ALTER SYSTEM: a setting of the whole server, from its next start or reload on."""
    del node
    draft.opaque = "ALTER SYSTEM changes the server's own settings, which no database keeps"


def load(draft: Draft, node: Tree) -> None:
    """LOAD: the library may do anything."""
    draft.opaque = f"LOAD runs code of the library {node.filename}"


HANDLERS = {
    "CreatedbStmt": create_database,
    "AlterDatabaseStmt": alter_database,
    "AlterDatabaseSetStmt": alter_database,
    "AlterDatabaseRefreshCollStmt": alter_database,
    "DropdbStmt": drop_database,
    "CreateTableSpaceStmt": create_tablespace,
    "AlterTableSpaceOptionsStmt": alter_tablespace,
    "DropTableSpaceStmt": drop_tablespace,
    "AlterTableMoveAllStmt": move_all,
    "AlterSystemStmt": alter_system,
    "LoadStmt": load,
}
