"""Measures how long a pair of clusters takes to come up, engine by engine.

A proof needs clusters in pairs. Where they boot from programs on this machine, the pair is also
booted without the cache that keeps initdb's result.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.replay import connect
from consolidate.servers import at_hand, open_server
from consolidate.servers.places import data_places
from consolidate.servers.processes import server_account

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.servers.interface import Server

ROUNDS = 5
"""Pairs of which the median is taken."""

_BOOTED = ("embedded:", "local:")


def pair(server: Server) -> float:
    """Seconds from nothing to two clusters that answer; one after the other where they must be."""
    began = time.monotonic()
    if server.side_by_side:
        with ThreadPoolExecutor(max_workers=2) as pool:
            list(pool.map(_up, (server, server)))
    else:
        _up(server)
        _up(server)
    return time.monotonic() - began


def _up(server: Server) -> None:
    with server.cluster() as cluster, connect(cluster):
        pass


@contextlib.contextmanager
def without_cache() -> Iterator[None]:
    """As it is on a new machine: the cache is another folder, which is empty and goes again."""
    before = os.environ.get("XDG_CACHE_HOME")
    where = next(data_places(server_account()))
    with tempfile.TemporaryDirectory(prefix="consolidate-bench-", dir=where) as folder:
        os.chmod(folder, 0o755)  # noqa: S103, PTH101 - the server's account goes through it
        os.environ["XDG_CACHE_HOME"] = folder
        try:
            yield
        finally:
            del os.environ["XDG_CACHE_HOME"]
            if before is not None:
                os.environ["XDG_CACHE_HOME"] = before


def line(server: Server) -> str:
    """What is measured of one server."""
    pair(server)  # whatever is made once is made now
    cached = statistics.median(pair(server) for _ in range(ROUNDS))
    told = f"{server.url:<40}{cached:8.2f}"
    if not server.url.startswith(_BOOTED):
        return told
    uncached = []
    for _ in range(ROUNDS):
        with without_cache():
            uncached.append(pair(server))
    alone = statistics.median(uncached)
    return f"{told}{alone:10.2f}{cached / alone:8.2f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line for each server; 1 if one does not come up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", help="servers; by default all of this machine")
    asked = parser.parse_args(arguments)
    say = sys.stdout.write
    say(f"{'pair of clusters, seconds':<40}{'cached':>8}{'uncached':>10}{'ratio':>8}\n")
    failed = False
    for server in map(open_server, asked.urls) if asked.urls else at_hand():
        try:
            say(f"{line(server)}\n")
        except EnvironmentProblem as problem:
            failed = True
            say(f"{server.url:<40}{problem}\n")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
