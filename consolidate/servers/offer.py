"""What a server has that not every server has: extensions, and locales of ICU."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.interrupts import left_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.servers.interface import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An extension that CREATE EXTENSION finds."""

    default: str
    """The version that is created where none is named."""
    versions: frozenset[str]
    """Those that can be created."""
    schema: str | None
    """The one schema that it can stand in, if it is bound to one."""
    requires: tuple[str, ...]
    """Extensions that must be there before it."""
    trusted: bool
    """Whether the owner of a database may create it who is no superuser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one server offers, and to whom."""

    version: str
    """The server's full version, such as `18.4`."""
    role: str
    """Whom it is offered to."""
    superuser: bool
    extensions: Mapping[str, Extension]
    icu: bool
    """Whether collations of ICU can be made."""
    locale: str
    """Of the database that histories are applied to."""


_EXTENSIONS = """
SELECT e.name, e.default_version, array_agg(v.version),
    max(v.schema) FILTER (WHERE v.version = e.default_version),
    coalesce(array_agg(r.name) FILTER (WHERE v.version = e.default_version AND r.name IS NOT NULL),
        '{}'),
    bool_or(v.trusted OR NOT v.superuser)
FROM pg_catalog.pg_available_extensions AS e
JOIN pg_catalog.pg_available_extension_versions AS v USING (name)
LEFT JOIN LATERAL unnest(v.requires) AS r(name) ON true
GROUP BY e.name, e.default_version
"""

_SERVER = """
SELECT current_setting('server_version'), session_user,
    (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user),
    EXISTS (SELECT FROM pg_catalog.pg_collation WHERE collname LIKE '%-x-icu'),
    (SELECT datcollate FROM pg_catalog.pg_database WHERE datname = current_database())
"""
"""initdb fills pg_collation with ICU's locales, under such names, if PostgreSQL has ICU."""


@cache
def ask(server: Server) -> Offer:
    """Boots a cluster and asks it, once for each server.

    Raises:
        EnvironmentProblem: It does not come up, or does not answer.
    """
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    with left_whole(server.cluster()) as cluster:
        try:
            with psycopg.connect(cluster.dsn()) as connection:
                extensions = connection.execute(_EXTENSIONS).fetchall()
                ((version, role, superuser, icu, locale),) = connection.execute(_SERVER).fetchall()
        except psycopg.Error as error:
            raise EnvironmentProblem(f"{server.url} does not answer: {error}") from error
    return Offer(
        version=version.split()[0],
        role=role,
        superuser=superuser,
        icu=icu,
        locale=locale,
        extensions={
            name: Extension(
                default=default,
                versions=frozenset(versions),
                schema=schema,
                requires=tuple(sorted(set(requires))),
                trusted=trusted,
            )
            for name, default, versions, schema, requires, trusted in extensions
        },
    )
