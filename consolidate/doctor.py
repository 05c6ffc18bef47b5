"""Examines what the program needs: itself, its places, every server, and what was left behind."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from typing import TYPE_CHECKING

import consolidate
from consolidate import leftovers, servers, statements
from consolidate.errors import ConsolidateError, EnvironmentProblem
from consolidate.masking import masked
from consolidate.servers.cache import usable
from consolidate.servers.places import data_places
from consolidate.servers.processes import server_account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from consolidate.leftovers import Leftover
    from consolidate.servers.interface import Server
    from consolidate.servers.offer import Offer
    from consolidate.servers.programs import Programs

OLDEST, NEWEST = (3, 11), (3, 14)
"""The versions of Python that the program is tested with."""

_ROOM = 1 << 30
"""Bytes that a pair of clusters and a long history take at most, as far as we have seen."""
_ONLY_CORE = 5
"""An installation without contrib offers fewer extensions than this."""
_LOCALE = "C.UTF-8"


class Status(StrEnum):
    """How it is with one thing."""

    OK = "ok"
    WARN = "warn"
    """It works, but not for every history, or something is to be done."""
    FAIL = "fail"
    """What was asked for can not be had."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was found of one thing."""

    section: str
    subject: str
    status: Status
    told: str
    help: str = ""
    """What to do where it is not ok."""


def examine(urls: Sequence[str] = ()) -> tuple[Line, ...]:
    """Looks at everything; nothing that is broken keeps it from looking at the rest.

    Args:
        urls: Servers that were asked for or configured, `auto` among them or not; that they can not
            be used is a failure.
    """
    asked = [url for url in dict.fromkeys(urls) if url != servers.AUTO]
    # First of all: whoever boots a server removes what was left in the same place.
    left = tuple(_guarded("leftovers", "leftovers", lambda: _left(find_leftovers(urls))))
    return (
        *_guarded("program", "program", _program),
        *_guarded("places", "places", _places),
        *(line for url in asked for line in _guarded("servers", masked(url), lambda: _asked(url))),  # noqa: B023 - called at once
        *_guarded("servers", "servers", lambda: _at_hand(asked)),
        *_auto(needed=servers.AUTO in urls),
        *left,
    )


def find_leftovers(urls: Sequence[str] = ()) -> tuple[Leftover, ...]:
    """What was left on this machine, and on the servers among these that are not ours."""
    from consolidate.servers.given import SCHEMES, split  # noqa: PLC0415 - a slow import

    return leftovers.find([one for url in urls if url.startswith(SCHEMES) for one in split(url)])


def _guarded(section: str, subject: str, look: Callable[[], Iterator[Line]]) -> Iterator[Line]:
    """What is found, or why it can not be."""
    try:
        yield from look()
    except (ConsolidateError, OSError) as error:
        hint = error.hint if isinstance(error, ConsolidateError) else ""
        yield Line(section, subject, Status.FAIL, str(error), hint)


# -- the program and its places -----------------------------------------------------------------


def _program() -> Iterator[Line]:
    from consolidate.servers.connected import libpq, newest_tools  # noqa: PLC0415 - a slow import

    yield Line("program", "consolidate", Status.OK, consolidate.__version__)
    here = sys.version_info[:2]
    tested = OLDEST <= here <= NEWEST
    yield Line(
        "program",
        "Python",
        Status.OK if tested else Status.WARN,
        platform.python_version(),
        "" if tested else f"It is tested with {_spelled(OLDEST)} to {_spelled(NEWEST)}.",
    )
    told = f"{metadata.version('pglast')}, which reads the SQL of PostgreSQL {statements.grammar()}"
    yield Line("program", "pglast", Status.OK, told)
    told = f"{metadata.version('psycopg')}, with libpq {libpq()}"
    yield Line("program", "psycopg", Status.OK, told)
    yield from _guarded("program", "pg_dump", lambda: _tools(newest_tools))


def _tools(newest: Callable[[int], Programs]) -> Iterator[Line]:
    told = f"{newest(0).version}, the newest on this machine"
    yield Line("program", "pg_dump", Status.OK, told)


def _spelled(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _places() -> Iterator[Line]:
    account = server_account()
    place = next(data_places(account), None)
    if place is None:
        told, hint = "no folder can hold a cluster", "Set TMPDIR to a folder that can be written."
        yield Line("places", "data", Status.FAIL, told, hint)
    else:
        free = shutil.disk_usage(place).free
        told = f"{place}, {free / (1 << 30):.1f} GiB free"
        enough = free >= _ROOM
        hint = "" if enough else "Make room there, or set TMPDIR to a folder with more."
        yield Line("places", "data", Status.OK if enough else Status.WARN, told, hint)
    yield Line("places", "cache", Status.OK, str(usable(account)))
    if account.switched:
        told = "servers run as nobody, since PostgreSQL refuses to run as root"
        yield Line("places", "account", Status.OK, told)


# -- servers ------------------------------------------------------------------------------------


def _asked(url: str) -> Iterator[Line]:
    image = url.removeprefix("docker://")
    if image != url:
        from consolidate.servers import images  # noqa: PLC0415 - a slow import

        if not images.present(image):  # a run would pull it, which may take minutes
            told, hint = f"there is no image {image} here", f"docker pull {image}"
            yield Line("servers", url, Status.FAIL, told, hint)
            return
    yield _server(servers.open_server(url))


def _at_hand(asked: Sequence[str]) -> Iterator[Line]:
    """The servers of this machine that were not asked for."""
    yield from _docker(asked)
    there = [server for server in servers.at_hand() if server.url not in asked]
    if not any(url.startswith("local://") for url in (*asked, *(server.url for server in there))):
        told = "no PostgreSQL is installed on this machine"
        hint = "The embedded servers have neither contrib extensions nor ICU; one that is would."
        yield Line("servers", "local://", Status.WARN, told, hint)
    for server in there:
        for line in _guarded("servers", server.url, lambda: iter((_server(server),))):  # noqa: B023 - called at once
            yield line if line.status is not Status.FAIL else _spared(line)


def _auto(*, needed: bool) -> Iterator[Line]:
    """What `auto` would choose where a history asks for nothing, and whether that works."""

    def look() -> Iterator[Line]:
        choice = servers.choose()
        told = f"{choice.server.url}: "
        try:
            choice.server.offer()
        except EnvironmentProblem as problem:
            status = Status.FAIL if needed else Status.WARN
            yield Line("servers", servers.AUTO, status, f"{told}{problem}", problem.hint)
        else:
            yield Line("servers", servers.AUTO, Status.OK, f"{told}{choice.reason}")

    yield from _guarded("servers", servers.AUTO, look)


def _spared(line: Line) -> Line:
    """A server that nobody asked for and that does not work is no failure."""
    return Line(line.section, line.subject, Status.WARN, line.told, line.help)


def _docker(asked: Sequence[str]) -> Iterator[Line]:
    if any(url.startswith("docker://") for url in asked):
        return  # its own line says it
    if not servers.docker_may_answer():
        told, hint = "there is no sign of Docker", "It brings any image of PostgreSQL."
        yield Line("servers", "docker://", Status.WARN, told, hint)
        return
    from consolidate.servers import images  # noqa: PLC0415 - a slow import

    try:
        here = images.official_images()
    except ConsolidateError as error:
        yield Line("servers", "docker://", Status.WARN, str(error), error.hint)
        return
    if not here:
        told = f"Docker answers, and has no image called {images.OFFICIAL}"
        hint = f"docker pull {images.OFFICIAL}:17; or name another image with --server."
        yield Line("servers", "docker://", Status.OK, told, hint)


def _server(server: Server) -> Line:
    """One server that answers.

    Raises:
        EnvironmentProblem: It does not.
    """
    offer = server.offer()
    warnings = list(_warnings(server, offer))
    many = len(offer.extensions)
    told = ", ".join(
        (
            f"PostgreSQL {offer.version}",
            f"{many} extensions" + ("" if many >= _ONLY_CORE else ", no contrib"),
            "ICU" if offer.icu else "no ICU",
            f"{'superuser' if offer.superuser else 'role'} {offer.role}",
            f"locale {offer.locale}",
        )
    )
    status = Status.WARN if warnings else Status.OK
    return Line("servers", server.url, status, told, " ".join(warnings))


def _warnings(server: Server, offer: Offer) -> Iterator[str]:
    known = statements.grammar()
    if server.major > known:
        yield f"SQL that is newer than PostgreSQL {known} is not read: a newer pglast may read it."
    if not offer.superuser:
        yield f"{offer.role} is no superuser: what it may not read is not compared."
    if offer.locale != _LOCALE:
        yield f"Rows are compared in an order of {offer.locale}; other servers have {_LOCALE}."


# -- leftovers ----------------------------------------------------------------------------------


def _left(found: Sequence[Leftover]) -> Iterator[Line]:
    if not found:
        yield Line("leftovers", "none", Status.OK, "nothing of ours was left behind")
    for one in found:
        kept = one.kind == "traceback"
        told = "a bug of ours, kept for its report" if kept else "nobody needs it any more"
        hint = "consolidate doctor --clean removes it."
        yield Line("leftovers", f"{one.kind} {one.name}", Status.WARN, told, hint)


def removed(one: Leftover) -> Line:
    """Removes one, and says whether it is gone."""
    try:
        one.remove()
    except (ConsolidateError, OSError) as error:
        return Line("leftovers", f"{one.kind} {one.name}", Status.FAIL, f"it stays: {error}")
    return Line("leftovers", f"{one.kind} {one.name}", Status.OK, "removed")
