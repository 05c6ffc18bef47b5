"""Docker's engine, and the images of PostgreSQL that it has."""

from __future__ import annotations

import contextlib
import os
import re
import socket
from functools import cache
from typing import TYPE_CHECKING, Any

from consolidate.errors import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    import docker

SCHEME = "docker://"
"""How the URL of an image begins."""
OFFICIAL = "postgres"
"""The repository of the official image."""

_ANSWER_SECONDS, _WORK_SECONDS = 10, 60
"""How long Docker may take to say that it is there, and to do something."""


def engine() -> docker.DockerClient:
    """Docker's client, once the engine has answered.

    Raises:
        EnvironmentProblem: It does not answer.
    """
    with telling(SCHEME):
        answer = _engine(os.environ.get("DOCKER_HOST", ""))
    if isinstance(answer, EnvironmentProblem):
        raise answer
    return answer


@cache
def _engine(host: str) -> docker.DockerClient | EnvironmentProblem:
    """Asks once: an engine that hangs is not waited for again and again.

    Args:
        host: What `DOCKER_HOST` says, which Docker's client reads for itself.
    """
    import docker.errors  # noqa: PLC0415 - a slow import
    from testcontainers.core.docker_client import DockerClient  # noqa: PLC0415

    try:
        _knock(host)
        with contextlib.closing(DockerClient(timeout=_ANSWER_SECONDS).client) as client:
            client.ping()
        return DockerClient(timeout=_WORK_SECONDS).client
    except (docker.errors.DockerException, OSError) as error:
        return EnvironmentProblem(
            f"Docker does not answer: {_reason(error)}",
            hint="Start Docker, or allow this account to use it; or name another server, such as"
            " --server embedded://18, which needs no Docker.",
        )


def _knock(host: str) -> None:
    """Connects to the engine's socket: its client leaves sockets open where nobody answers.

    Raises:
        OSError: Nobody does.
    """
    kind, _, path = host.partition("://")
    if kind == "unix":
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(_ANSWER_SECONDS)
            door.connect(path)


def _reason(error: BaseException) -> str:
    """The innermost cause: what lies around it speaks of HTTP."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return getattr(error, "strerror", None) or str(error)


def present(image: str) -> bool:
    """Whether an image is here.

    Raises:
        EnvironmentProblem: Docker does not answer.
    """
    return _inspected(image) is not None


def fetch(image: str) -> None:
    """Sees to it that an image is here, as `docker run` does.

    Raises:
        EnvironmentProblem: It is not here and can not be pulled.
    """
    import docker.errors  # noqa: PLC0415

    if present(image):
        return
    try:
        engine().images.pull(*_parts(image))
    except docker.errors.DockerException as error:
        raise EnvironmentProblem(
            f"there is no image {image} here, and it can not be pulled:"
            f" {getattr(error, 'explanation', None) or error}",
            hint=_images_here(),
        ) from error


def _parts(image: str) -> tuple[str, str | None]:
    """Repository and tag: without a tag all of them would be pulled."""
    if "@" in image:
        return image, None
    repository, colon, tag = image.rpartition(":")
    return (repository, tag) if colon and "/" not in tag else (image, "latest")


def _images_here() -> str:
    found = [f"--server {SCHEME}{tag}" for tag in official_images().values()]
    found.append("--server embedded://18, which needs no Docker")
    return f"Pull it where there is a network, or try {', or '.join(found)}."


def official_images() -> dict[int, str]:
    """The official images that are here, by major version, newest first; of each a shortest tag.

    Raises:
        EnvironmentProblem: Docker does not answer.
    """
    tags = sorted(
        (tag for image in engine().images.list(name=OFFICIAL) for tag in image.tags),
        key=lambda tag: (len(tag), tag),
    )
    found: dict[int, str] = {}
    for tag in tags:
        number = major(tag)
        if number is not None:
            found.setdefault(number, tag)
    return dict(sorted(found.items(), reverse=True))


def _inspected(image: str) -> Any | None:  # noqa: ANN401 - Docker's JSON
    import docker.errors  # noqa: PLC0415

    with telling(f"{SCHEME}{image}"):
        try:
            return engine().images.get(image).attrs
        except docker.errors.ImageNotFound:
            return None


@cache
def major(image: str) -> int | None:
    """The major version that an image says it has in `PG_MAJOR`; it is pulled to know it.

    Raises:
        EnvironmentProblem: It is not here and can not be pulled.
    """
    fetch(image)
    told = (_inspected(image) or {}).get("Config", {}).get("Env") or ()
    variables = dict(one.partition("=")[::2] for one in told)
    number = re.match(r"\d+", variables.get("PG_MAJOR", ""))
    return int(number[0]) if number else None


@contextlib.contextmanager
def telling(name: str) -> Iterator[None]:
    """Whatever Docker answers as the user's problem.

    Raises:
        EnvironmentProblem: Docker refused, or was lost.
    """
    import docker.errors  # noqa: PLC0415
    import requests  # noqa: PLC0415 - Docker's client lets its errors through

    try:
        yield
    except (docker.errors.DockerException, requests.RequestException) as error:
        told = getattr(error, "explanation", None) or error
        raise EnvironmentProblem(f"{name} can not be started: {told}") from error
    except OSError as error:
        raise EnvironmentProblem(f"{name} can not be started: {error}") from error
