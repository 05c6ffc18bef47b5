"""The embedded server: clusters from the PostgreSQL programs that a wheel carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.servers import offer
from consolidate.servers.binaries import running
from consolidate.servers.wheel import FOLDERS, Wheel, find_programs, find_wheel

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from consolidate.servers.binaries import BinaryCluster

SCHEME = "embedded://"
MAJORS = tuple(FOLDERS)
"""The major versions there are, newest first."""


@dataclass(frozen=True)
class EmbeddedServer:
    """Brings up clusters of one major version."""

    major: int
    wheel: Wheel | None = None
    """Where the programs are; the installed wheel by default."""
    side_by_side = True
    guest = False
    allow_cluster_changes = True

    @property
    def url(self) -> str:
        """Such as `embedded://18`."""
        return f"{SCHEME}{self.major}"

    def offer(self) -> offer.Offer:
        """What `offer.ask` returns and raises."""
        return offer.ask(self)

    def cluster(self) -> AbstractContextManager[BinaryCluster]:
        """What `binaries.running` yields and raises."""
        return running(
            self.url,
            lambda account: find_programs(self.wheel or find_wheel(), self.major, account),
        )
