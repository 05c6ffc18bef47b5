"""Throwaway PostgreSQL servers, chosen by a URL; what they have in common stands in `interface`."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem, UsageProblem
from consolidate.masking import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from consolidate.servers.interface import Server

# Engines are imported where they are needed: `--help` must not pay for Docker's client.

AUTO = "auto"

KINDS = "docker://IMAGE, local://MAJOR, embedded://18, embedded://16, postgresql://… and auto"
"""What a user may write, for messages."""

_DOCKER_SOCKET = Path("/var/run/docker.sock")


@dataclass(frozen=True, slots=True)
class Choice:
    """A server, and why it was chosen."""

    server: Server
    reason: str
    """In words that follow its name."""


def open_server(url: str, *, allow_cluster_changes: bool = False) -> Server:
    """The server that a URL stands for; nothing starts yet.

    Args:
        url: As the user writes it, but not `auto`.
        allow_cluster_changes: Whether a history may make roles on a server that is not ours.

    Raises:
        UsageProblem: There is no such kind of server.
    """
    from consolidate.servers import docker, embedded, given, images, local  # noqa: PLC0415

    scheme, colon, rest = url.partition("://")
    match scheme + colon:
        case embedded.SCHEME if rest in map(str, embedded.MAJORS):
            return embedded.EmbeddedServer(int(rest))
        case local.SCHEME if rest.isdecimal():
            return local.LocalServer(int(rest))
        case images.SCHEME if rest:
            return docker.DockerServer(rest)
        case one if one in given.SCHEMES:
            return given.GivenServer(given.split(url), allow_cluster_changes)
        case _:
            raise UsageProblem(f"there is no server {masked(url)!r}", hint=f"servers are {KINDS}")


def choose(
    *, wanted: int | None = None, lacks: Callable[[Server], Sequence[str]] | None = None
) -> Choice:
    """The server that `auto` stands for on this machine.

    Docker's official images come before PostgreSQL as it is installed here, and that before the
    embedded server, which is always there; but what is newer reads what was written for an older
    one, so the newest wins among the last two.

    Args:
        wanted: The major version that the project runs on: it or the next newer one is chosen.
        lacks: Says what a server lacks for the history; the first one that lacks nothing is
            chosen, or else the first of those that lack the least. By default the history asks
            for nothing.
    """
    ranked = sorted(at_hand(), key=lambda server: (_distance(server.major, wanted), *_rank(server)))
    lacking: dict[str, Sequence[str]] = {}
    for server in ranked if lacks else ranked[:1]:
        found = lacks(server) if lacks else ()
        if not found:
            passed = [f"{url} lacks {' and '.join(told)}" for url, told in lacking.items()]
            return Choice(server, _reason(server, wanted, passed))
        lacking[server.url] = found
    least = min(ranked, key=lambda server: len(lacking[server.url]))
    better = [f"no other lacks less than {' and '.join(lacking[least.url])}"]
    return Choice(least, _reason(least, wanted, [] if least is ranked[0] else better))


def _distance(major: int, wanted: int | None) -> tuple[bool, int]:
    if wanted is None:
        return False, 0
    return major < wanted, abs(major - wanted)


def _rank(server: Server) -> tuple[int, ...]:
    engine = server.url.partition(":")[0]
    return (engine != "docker", -server.major, engine != "local")


def _reason(server: Server, wanted: int | None, passed: list[str]) -> str:
    if passed:
        why = "; ".join(passed)
    elif server.url.startswith("docker:"):
        why = "Docker answers and has this image"
    elif server.url.startswith("local:"):
        why = "it is installed here, and no newer major version is at hand"
    else:
        why = "it needs nothing installed, and is the newest major version of it"
    if wanted is None:
        return why
    nearest = "" if passed or server.major == wanted else "; this is the nearest that there is"
    return f"the project runs on PostgreSQL {wanted}{nearest}" + (f"; {why}" if passed else "")


def at_hand() -> Iterator[Server]:
    """Every server of this machine: of official images that are here, installed, embedded."""
    from consolidate.servers import docker, embedded, images, local  # noqa: PLC0415

    if docker_may_answer():
        with contextlib.suppress(EnvironmentProblem):  # `doctor` tells why
            yield from map(docker.DockerServer, images.official_images().values())
    yield from map(local.LocalServer, local.installed())
    yield from map(embedded.EmbeddedServer, embedded.MAJORS)


def if_here(url: str) -> Server | None:
    """The server of a URL where it is on this machine already: an image that need not be pulled."""
    from consolidate.servers import docker, images  # noqa: PLC0415

    image = url.removeprefix(images.SCHEME)
    with contextlib.suppress(EnvironmentProblem):
        if image != url and docker_may_answer() and images.present(image):
            return docker.DockerServer(image)
    return next((server for server in at_hand() if server.url == url), None)


def docker_may_answer() -> bool:
    """Whether there is a sign of Docker, which is quicker to tell than whether it answers."""
    contexts = Path(os.environ.get("HOME", "/")) / ".docker" / "contexts"
    return bool(os.environ.get("DOCKER_HOST")) or _DOCKER_SOCKET.exists() or contexts.exists()
