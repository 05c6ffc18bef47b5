"""What a role that is no superuser may not read of the catalogs, and how to do without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

_SUBSCRIPTIONS = (
    b"(SELECT oid, subdbid, subowner, subpublications, NULL::text AS subconninfo"
    b" FROM pg_subscription)"
)

WITHOUT: tuple[tuple[bytes, bytes], ...] = (
    (b"('password', 'md5 ' || md5(r.rolpassword)),", b""),
    (b"pg_authid AS r", b"pg_roles AS r"),
    (
        b"FROM pg_user_mapping AS u",
        b"FROM (SELECT umid AS oid, umoptions FROM pg_user_mappings) AS u",
    ),
    (
        b"md5(lo_get(l.oid))",
        b"CASE WHEN pg_has_role(l.lomowner, 'USAGE') THEN md5(lo_get(l.oid)) ELSE '(hidden)' END",
    ),
    (b"FROM pg_subscription AS s", b"FROM " + _SUBSCRIPTIONS + b" AS s"),
)
"""What stands for what in a query of the facts, so that every role may run it.

PostgreSQL keeps from other roles the passwords in pg_authid, the options in pg_user_mapping of
mappings that are not theirs, the connection strings in pg_subscription, and what is in the large
objects of others.
"""


def is_superuser(connection: psycopg.Connection) -> bool:
    """Whether the role that logged in is a superuser, whatever role is set now."""
    row = connection.execute(
        "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user"
    ).fetchone()
    return bool(row and row[0])


def limits(connection: psycopg.Connection) -> tuple[str, ...]:
    """What can not be compared as the role that logged in, a line each; nothing for a superuser."""
    if is_superuser(connection):
        return ()
    row = connection.execute("SELECT quote_ident(session_user)").fetchone()
    role = row[0] if row else ""
    return (
        f"role {role} may not read the passwords of roles",
        f"role {role} may not read the options of other roles' user mappings",
        f"role {role} may not read how subscriptions connect",
        f"role {role} may not read other roles' large objects",
    )


def readable(query: bytes) -> bytes:
    """A query of the facts as every role may run it."""
    for text, instead in WITHOUT:
        query = query.replace(text, instead)
    return query
