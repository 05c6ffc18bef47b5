"""What belongs to a whole server: how it was, and how it becomes so again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

PREFIX = "consolidate_"
"""How the name of every database of ours begins; its comment says so, too."""

_SHARED = r"""
SELECT 'role ' || quote_ident(rolname), (to_jsonb(r) - 'oid')::text FROM pg_catalog.pg_roles AS r
UNION ALL
SELECT format('membership of %%s in %%s', member::regrole, roleid::regrole),
    string_agg((to_jsonb(m) - 'oid')::text, ' ' ORDER BY (to_jsonb(m) - 'oid')::text)
FROM pg_catalog.pg_auth_members AS m GROUP BY 1
UNION ALL
SELECT format('settings of %%s', setrole::regrole), string_agg(setconfig::text, ' ' ORDER BY s)
FROM pg_catalog.pg_db_role_setting AS s
LEFT JOIN pg_catalog.pg_database AS d ON d.oid = s.setdatabase
WHERE d.datname IS NULL OR NOT starts_with(d.datname, %(prefix)s)
GROUP BY 1
UNION ALL
SELECT 'database ' || quote_ident(datname),
    (to_jsonb(d) - '{datfrozenxid,datminmxid,datcollversion}'::text[])::text
FROM pg_catalog.pg_database AS d WHERE NOT starts_with(datname, %(prefix)s)
UNION ALL
SELECT 'tablespace ' || quote_ident(spcname), to_jsonb(t)::text FROM pg_catalog.pg_tablespace AS t
"""
"""What belongs to the whole server, a line each, less our own databases."""


_SETTINGS = """
SELECT quote_ident(rolname), rolconfig FROM pg_catalog.pg_roles WHERE rolconfig IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Shared:
    """What was there of it at one moment."""

    lines: Mapping[str, str]
    """Each thing with all that is true of it."""
    settings: Mapping[str, list[str]]
    """What each role has set in all databases, as `name=value`."""

    @property
    def roles(self) -> list[str]:
        """Their names, quoted."""
        return [name.removeprefix("role ") for name in self.lines if name.startswith("role ")]

    def changed(self, now: Shared) -> list[str]:
        """The names of what is there on one side only, or otherwise.

        Databases come and go where others work, and no function of a history can make one.
        """
        names = {*self.lines, *now.lines}
        here_only = {name for name in names if (name in self.lines) != (name in now.lines)}
        passed = {name for name in here_only if name.startswith("database ")}
        return sorted(n for n in names - passed if self.lines.get(n) != now.lines.get(n))

    def document(self) -> dict[str, Any]:
        """What `Shared(**document)` is made of again, as JSON has it."""
        return asdict(self)


def look(connection: psycopg.Connection) -> Shared:
    """Reads it."""
    return Shared(
        lines=dict(connection.execute(_SHARED, {"prefix": PREFIX}).fetchall()),
        settings=dict(connection.execute(_SETTINGS).fetchall()),
    )


def put_back(connection: psycopg.Connection, before: Shared) -> None:
    """Drops the roles that were not there before, and sets what others had set.

    Where others make roles meanwhile, theirs are dropped, too. The databases in which roles have
    anything must be gone.
    """
    now = look(connection)
    made = [role for role in now.roles if role not in before.roles]
    for role in made:
        connection.execute(f"DROP ROLE {role}".encode())
    for role in sorted({*before.settings, *now.settings} - set(made)):
        wanted = before.settings.get(role, [])
        if wanted != now.settings.get(role, []):
            _set(connection, role, wanted)


def _set(connection: psycopg.Connection, role: str, settings: list[str]) -> None:
    """A value is given as it is stored: as a literal, a list would become one element of a list."""
    with connection.transaction():
        connection.execute(f"ALTER ROLE {role} RESET ALL".encode())
        for setting in settings:
            name, _, value = setting.partition("=")
            connection.execute("SELECT set_config(%s, %s, true)", (name, value))
            connection.execute(f"ALTER ROLE {role} SET {name} FROM CURRENT".encode())
