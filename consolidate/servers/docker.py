"""Throwaway clusters in containers, of any image that behaves like PostgreSQL's official one.

testcontainers starts them, without its helper Ryuk, whose image can not be pulled everywhere: a
watcher removes the container if we are killed, and a label tells whose it is if that is killed too.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import socket
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from consolidate.errors import EnvironmentProblem
from consolidate.servers import images, offer, tools
from consolidate.servers.connected import ConnectedCluster
from consolidate.servers.folders import is_held
from consolidate.servers.lifetime import close_at_exit, own
from consolidate.servers.places import data_places
from consolidate.servers.processes import Watcher, server_account
from consolidate.servers.settings import INITDB, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

OWNER, HOST = "consolidate.owner", "consolidate.host"
"""Labels of our containers: the folder that the process holds a lock on, and on which machine."""

_PORT = 5432
_DATA = "/var/lib/consolidate"
_BOOT_SECONDS = 120.0
_POLL_SECONDS = 0.02

_PASSWORD = secrets.token_hex(16)
"""Of all containers of this process, so that the superusers of two of them compare."""


@dataclass(frozen=True)
class DockerServer:
    """Brings up containers of one image."""

    image: str
    side_by_side = True
    guest = False
    allow_cluster_changes = True

    @property
    def url(self) -> str:
        """Such as `docker://postgres:17`."""
        return f"{images.SCHEME}{self.image}"

    @property
    def major(self) -> int:
        """What the image says of itself in `PG_MAJOR`, or else its PostgreSQL when it runs.

        Of an official image that is not here yet the tag says it: it is pulled when it is needed.

        Raises:
            EnvironmentProblem: Docker does not answer, or there is no such image.
        """
        tag = re.fullmatch(rf"(?:docker\.io/)?(?:library/)?{images.OFFICIAL}:(\d+)\b.*", self.image)
        told = int(tag[1]) if tag and not images.present(self.image) else images.major(self.image)
        return told if told is not None else int(self.offer().version.split(".")[0])

    def offer(self) -> offer.Offer:
        """What `offer.ask` returns and raises."""
        return offer.ask(self)

    @contextlib.contextmanager
    def cluster(self) -> Iterator[ConnectedCluster]:
        """Starts a container; leaving the context removes it, with its data.

        Raises:
            EnvironmentProblem: Docker does not answer, there is no such image, or no PostgreSQL
                comes up in it.
        """
        with contextlib.ExitStack() as stack:
            close_at_exit(stack)
            with images.telling(self.url):
                cluster = _start(stack, self.image)
            yield cluster


def _start(stack: contextlib.ExitStack, image: str) -> ConnectedCluster:
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415 - a slow import
    from testcontainers.core.config import testcontainers_config  # noqa: PLC0415

    class Container(PostgresContainer):  # type: ignore[misc, unused-ignore]
        def _connect(self) -> None:
            """Its own way to wait needs psql in the image, and takes whole seconds."""

    testcontainers_config.ryuk_disabled = True
    images.fetch(image)
    _clean_once()
    account = server_account()
    folder = own(stack, data_places(account), account)
    watcher = Watcher([folder], [sys.executable, "-m", "consolidate.servers.reaper", folder.name])
    stack.callback(watcher.dismiss)
    major = images.major(image) or 0
    container = (
        Container(image, username="postgres", password=_PASSWORD, dbname="postgres", driver=None)
        .with_name(folder.name)
        .with_env("POSTGRES_INITDB_ARGS", " ".join(INITDB))
        .with_env("POSTGRES_HOST_AUTH_METHOD", "md5")  # takes passwords that are stored as scram
        .with_env("PGDATA", f"{_DATA}/data")
        .with_tmpfs_mount(_DATA)
        .with_command(["postgres", *settings(major, listen_addresses="*")])
        .with_kwargs(labels={OWNER: str(folder), HOST: _here()})
    )
    cast("dict[str, Any]", container.ports).clear()
    cast("dict[str, Any]", container.ports)[f"{_PORT}/tcp"] = ("127.0.0.1", None)  # any free port
    stack.callback(remove, folder.name)
    container.start()
    wrapped = container.get_wrapped_container()
    parameters, version = _wait_until_ready(f"{images.SCHEME}{image}", wrapped)
    return ConnectedCluster(
        version=version,
        parameters=parameters,
        database="postgres",
        superuser=True,
        read_log=lambda: wrapped.logs(tail=20),
    )


def _wait_until_ready(name: str, container: Any) -> tuple[dict[str, str], str]:  # noqa: ANN401 - untyped
    """Waits until PostgreSQL answers, on the published port or on the container's own address.

    The latter is how we reach it where we run in a container ourselves. The server that only runs
    the image's initialisation does not listen on either.

    Raises:
        EnvironmentProblem: The container ended, or takes too long.
    """
    deadline = time.monotonic() + _BOOT_SECONDS
    said = ""
    while time.monotonic() < deadline:
        container.reload()
        if container.status in {"exited", "dead"}:
            raise EnvironmentProblem(
                f"{name} was started and ended at once, without a PostgreSQL that answers",
                problems=tools.last_lines(container.logs(tail=20)),
                hint="The image must behave like PostgreSQL's official one.",
            )
        for host, port in _addresses(container.attrs["NetworkSettings"]):
            parameters = {
                "host": host, "port": port, "user": "postgres", "password": _PASSWORD,
                "connect_timeout": "2",
            }  # fmt: skip
            try:
                return parameters, _ready(parameters)
            except _not_yet() as error:
                said = str(error).strip()
        time.sleep(_POLL_SECONDS)
    raise EnvironmentProblem(
        f"{name} was started and did not answer in {_BOOT_SECONDS:.0f} s: {said}",
        problems=tools.last_lines(container.logs(tail=20)),
    )


def _addresses(network: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - Docker's JSON
    for published in (network["Ports"] or {}).get(f"{_PORT}/tcp") or ():
        yield "127.0.0.1", published["HostPort"]
    for one in (network["Networks"] or {}).values():
        if one["IPAddress"]:
            yield one["IPAddress"], str(_PORT)


def _not_yet() -> type[psycopg.OperationalError]:
    from psycopg import OperationalError  # noqa: PLC0415 - a slow import

    return OperationalError


def _ready(parameters: dict[str, str]) -> str:
    """The version of a server that answers; its superuser's password is stored as md5.

    Raises:
        psycopg.OperationalError: It does not answer yet.
    """
    import psycopg  # noqa: PLC0415
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    told = make_conninfo(**parameters, dbname="postgres", options="")
    with psycopg.connect(told) as connection:
        # initdb may have stored it with a salt, and then no two clusters compare
        connection.execute(f"ALTER ROLE postgres PASSWORD '{_PASSWORD}'".encode())
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]).split()[0] if row else ""


# -- leftovers --------------------------------------------------------------------------------


def clean() -> None:
    """Removes the containers of ours on this machine whose process is gone.

    Raises:
        EnvironmentProblem: Docker does not answer.
    """
    for container in leftovers():
        remove(container)


_clean_once = cache(clean)
"""A process needs not look for them before each of its containers."""


def leftovers() -> tuple[str, ...]:
    """The names of these containers.

    Raises:
        EnvironmentProblem: Docker does not answer.
    """
    with images.telling(images.SCHEME):
        there = images.engine().containers.list(
            all=True,
            filters={"label": f"{HOST}={_here()}"},
            ignore_removed=True,  # another run may just end
        )
    return tuple(sorted(str(one.name) for one in there if not is_held(Path(one.labels[OWNER]))))


def remove(name: str) -> None:
    """Removes one container with its data.

    One that is gone is no error, and one that Docker does not remove now is left to the next run.
    """
    import docker.errors  # noqa: PLC0415
    import requests  # noqa: PLC0415

    with contextlib.suppress(docker.errors.APIError, requests.RequestException):
        images.engine().containers.get(name).remove(force=True, v=True)


def _here() -> str:
    """This machine and account: other people's containers are not ours to remove."""
    return f"{socket.gethostname()}-{os.geteuid()}"
