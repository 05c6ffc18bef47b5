"""Removes what a process left on somebody else's server: run by its watcher when it was killed."""

from __future__ import annotations

import json
import os
import sys

from consolidate.servers import docker, given, shared


def main(arguments: list[str]) -> None:
    """Removes the container that is named or, with `--database`, what `CONSOLIDATE_REAP` says."""
    (name,) = arguments
    if name != "--database":
        docker.remove(name)
        return
    left = json.loads(os.environ["CONSOLIDATE_REAP"])
    with given.connected(left["url"]) as connection:
        given.drop(connection, left["database"])
        if left["before"]:
            shared.put_back(connection, shared.Shared(**left["before"]))


if __name__ == "__main__":
    main(sys.argv[1:])
