"""The local server: clusters from the PostgreSQL that is installed on this machine."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.servers import offer
from consolidate.servers.binaries import running
from consolidate.servers.programs import Programs, programs_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from consolidate.servers.binaries import BinaryCluster
    from consolidate.servers.processes import Account

SCHEME = "local://"

_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat, from PostgreSQL's own repository
    "/usr/libexec/postgresql*",  # Alpine
    "/opt/homebrew/opt/postgresql@*/bin",  # macOS
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/Library/PostgreSQL/*/bin",
    "/usr/local/pgsql/bin",  # built from source
)


@cache
def installed() -> Mapping[int, Programs]:
    """The installations on this machine by major version, newest first.

    The one on PATH comes before those in the usual places. What has no initdb is only a client.
    """
    found: dict[int, Programs] = {}
    for folder in _folders():
        if not (folder / "initdb").exists():
            continue
        try:
            programs = programs_in(folder, _key(folder))
        except OSError:
            continue
        found.setdefault(programs.major, programs)
    return dict(sorted(found.items(), reverse=True))


def _folders() -> Iterator[Path]:
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    for pattern in _PLACES:
        yield from sorted(Path("/").glob(pattern.removeprefix("/")))


def _key(folder: Path) -> str:
    """Names an installation as it is now: another file after an upgrade."""
    program = (folder / "postgres").stat()
    told = f"{folder} {program.st_mtime_ns} {program.st_size}"
    return f"local-{sha256(os.fsencode(told)).hexdigest()[:12]}"


@dataclass(frozen=True)
class LocalServer:
    """Brings up clusters of one major version."""

    major: int
    side_by_side = True
    guest = False
    allow_cluster_changes = True

    @property
    def url(self) -> str:
        """Such as `local://15`."""
        return f"{SCHEME}{self.major}"

    def offer(self) -> offer.Offer:
        """What `offer.ask` returns and raises."""
        return offer.ask(self)

    def cluster(self) -> AbstractContextManager[BinaryCluster]:
        """What `binaries.running` yields and raises."""
        return running(self.url, self._programs)

    def _programs(self, account: Account) -> Programs:
        programs = installed().get(self.major)
        if programs is None:
            there = " and ".join(f"{SCHEME}{major}" for major in installed()) or "none at all"
            raise EnvironmentProblem(
                f"PostgreSQL {self.major} is not installed on this machine, which has {there}",
                hint=f"Install it (on Debian and Ubuntu: the package postgresql-{self.major}), or"
                " name another server with --server.",
            )
        if not account.can_enter(programs.folder):
            raise EnvironmentProblem(
                f"PostgreSQL {self.major} in {programs.folder} can not be run as `nobody`, and"
                " PostgreSQL refuses to run as root",
                hint="Run consolidate as the user who installed it, or name another --server.",
            )
        return programs
