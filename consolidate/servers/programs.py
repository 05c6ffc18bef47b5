"""A set of PostgreSQL's programs on this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate.servers.processes import run

if TYPE_CHECKING:
    from consolidate.servers.processes import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """One major version's programs in a place where the server's account can run them."""

    folder: Path
    major: int
    version: str
    """As they tell it, such as `18.4`."""
    key: str
    """Names the installation that they come from, for the cache."""


def programs_in(folder: Path, key: str, account: Account | None = None) -> Programs:
    """Asks the programs themselves, run by the account or by us.

    Raises:
        OSError: They can not be run, or are not PostgreSQL's.
    """
    result = run([folder / "postgres", "--version"], account=account, cwd=Path("/"))
    said = result.stdout.decode(errors="replace")  # postgres (PostgreSQL) 15.18 (Debian …)
    version = re.match(r"postgres \(PostgreSQL\) ((\d+)\S*)", said)
    if result.returncode != 0 or not version:
        raise OSError(result.stderr.decode(errors="replace").strip() or f"it says {said.strip()!r}")
    return Programs(folder=folder, major=int(version[2]), version=version[1], key=key)
