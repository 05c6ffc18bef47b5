"""Containers: what an image's name says, and whose containers are whose."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from consolidate.errors import EnvironmentProblem
from consolidate.servers import docker, images, open_server
from tests import engines
from tests.containers import docker as command

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(
    "image", ["postgres:17", "postgres:17.2-alpine", "docker.io/library/postgres:17"]
)
def test_the_tag_of_an_official_image_that_is_not_here_says_its_major(
    image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "present", lambda _: False)
    assert open_server(f"docker://{image}").major == 17


@pytest.mark.parametrize(
    ("image", "parts"),
    [
        ("postgres:17", ("postgres", "17")),
        ("postgres", ("postgres", "latest")),
        ("localhost:5000/postgres", ("localhost:5000/postgres", "latest")),
        ("localhost:5000/postgres:17", ("localhost:5000/postgres", "17")),
        ("postgres@sha256:ab", ("postgres@sha256:ab", None)),
    ],
)
def test_one_tag_is_pulled_and_never_all(image: str, parts: tuple[str, str | None]) -> None:
    assert images._parts(image) == parts  # noqa: SLF001 - a pull can not be tried here


def test_an_engine_that_does_not_answer_is_told_in_its_own_words() -> None:
    with pytest.raises(
        EnvironmentProblem, match=r"^Docker does not answer: No such file"
    ) as caught:
        images.engine()
    assert "--server embedded://18" in caught.value.hint


@pytest.fixture
def stranger() -> Iterator[str]:
    """A container that another machine's run started through the same engine."""
    labels = ("--label", f"{docker.OWNER}=/nowhere", "--label", f"{docker.HOST}=elsewhere-0")
    name = command("create", *labels, f"{engines.IMAGE}:17")
    yield name
    command("rm", "--force", "--volumes", name)


@pytest.mark.docker
def test_containers_of_another_machine_are_not_ours_to_remove(stranger: str) -> None:
    docker.clean()
    assert command("inspect", "--format", "{{.State.Status}}", stranger) == "created"


@pytest.mark.docker
@pytest.mark.pg
def test_a_container_listens_on_this_machine_only_and_bears_our_labels() -> None:
    with open_server(f"docker://{engines.IMAGE}:17").cluster():
        form = "{{.Names}} {{.Ports}}"
        ours = f"label={docker.HOST}={os.uname().nodename}-{os.geteuid()}"
        mine = [
            line
            for line in command("ps", "--filter", ours, "--format", form).splitlines()
            if line.startswith(f"consolidate-pg-{os.getpid()}-")
        ]
    (line,) = mine
    published = [port for port in line.split(" ", 1)[1].split(", ") if "->" in port]
    assert len(published) == 1
    assert published[0].startswith("127.0.0.1:")
