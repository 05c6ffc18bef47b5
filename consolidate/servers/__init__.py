"""Throwaway PostgreSQL servers, chosen by a URL; what they have in common stands in `interface`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.errors import UsageProblem

if TYPE_CHECKING:
    from consolidate.servers.interface import Server

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Choice:
    """The kind of server that a URL stands for."""

    url: str
    """Never `auto`."""
    reason: str
    """Why this one, in words that follow its name."""


def choose(url: str, *, wanted: int | None = None) -> Choice:
    """Says which server a URL stands for, without starting any.

    Args:
        url: As the user writes it.
        wanted: The major version that the project runs on, for `auto`: it or the next newer one
            that there is, since a newer server reads what was written for an older one.

    Raises:
        UsageProblem: There is no such kind of server, or not of that version.
    """
    from consolidate.servers.embedded import MAJORS  # noqa: PLC0415 - only runs with a server need it

    urls = tuple(f"embedded://{major}" for major in MAJORS)
    if url == AUTO and wanted is not None:
        newer = [major for major in MAJORS if major >= wanted]
        major = min(newer, default=max(MAJORS))
        told = "" if major == wanted else "; this is the nearest that there is"
        return Choice(f"embedded://{major}", f"the project runs on PostgreSQL {wanted}{told}")
    if url == AUTO:
        return Choice(urls[0], "it needs nothing installed, and is the newest major version of it")
    if url in urls:
        return Choice(url, "it was asked for")
    raise UsageProblem(
        f"there is no server {url!r}", hint=f"servers are {', '.join(urls)} and {AUTO}"
    )


def open_server(url: str) -> Server:
    """The server that a URL such as `embedded://18` or `auto` stands for; nothing starts yet.

    Raises:
        UsageProblem: There is no such kind of server, or not of that version.
    """
    from consolidate.servers.embedded import EmbeddedServer  # noqa: PLC0415 - as above

    return EmbeddedServer(int(choose(url).url.removeprefix("embedded://")))
