"""The inventory sees each kind of thing that a run could leave behind."""

from __future__ import annotations

import os
import subprocess
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from consolidate.servers import open_server
from tests.containers import docker
from tests.servers import inventory

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.servers.interface import Cluster

ME = os.getpid()


@pytest.mark.pg
def test_a_cluster_is_seen_while_it_runs_and_gone_afterwards(awkward_place: Path) -> None:
    before = inventory.take(of=ME)
    with open_server("embedded://18").cluster():
        during = inventory.take(of=ME)
        (folder,) = [path for path in during.folders - before.folders if str(awkward_place) in path]
        there = {name for name in during.processes - before.processes if Path(folder).name in name}
        assert {name.split()[1] for name in there} == {"postgres", "sh"}
    assert inventory.take(of=ME) == before


@pytest.mark.pg
def test_the_sessions_of_a_server_come_and_go_with_it(awkward_place: Path) -> None:
    with open_server("embedded://18").cluster() as cluster:
        before = inventory.take(of=ME)
        with psycopg.connect(cluster.dsn()):
            assert inventory.take(of=ME) == before
    assert not any(str(awkward_place) in name for name in inventory.take(of=ME).folders)


@pytest.mark.pg
def test_the_cluster_of_another_run_is_seen_only_if_all_are_asked_for(awkward_place: Path) -> None:
    other = awkward_place / f"consolidate-pg-{ME}0-abc"
    other.mkdir()
    with subprocess.Popen(["/bin/cat"], cwd=other, stdin=subprocess.PIPE) as process:
        everything, mine = inventory.take(), inventory.take(of=ME)
        process.communicate()
    assert f"{process.pid} cat of {other.name}" in everything.processes - mine.processes
    assert str(other) in everything.folders - mine.folders


def test_a_process_whose_folder_is_gone_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / f"consolidate-pg-{ME}-gone"
    folder.mkdir()
    with subprocess.Popen(["/bin/cat"], cwd=folder, stdin=subprocess.PIPE) as process:
        folder.rmdir()
        assert f"{process.pid} cat of {folder.name}" in inventory.take(of=ME).processes
        process.communicate()


def test_a_process_that_names_our_label_is_seen() -> None:
    command = ["/bin/sh", "-c", "echo; cat; :", f"{inventory.LABEL}=host-{ME}"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        assert process.stdout
        process.stdout.readline()  # only now is it sure to stand there by its own arguments
        seen = inventory.take(of=ME).processes
        process.communicate()
    assert f"{process.pid} sh of {inventory.LABEL}=host-{ME}" in seen


def test_a_folder_in_a_place_of_another_run_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / f"consolidate-pg-{ME}-left"
    folder.mkdir()
    assert str(folder) in inventory.take(of=ME, places=[tmp_path]).folders


@pytest.mark.docker
def test_a_container_with_our_label_is_seen_though_it_never_ran() -> None:
    image = f"consolidate-test-empty:{uuid.uuid4().hex}"
    empty = bytes(10240)  # an archive without entries
    docker("import", "-", image, stdin=empty)
    label = f"{inventory.LABEL}={ME}"
    before = inventory.take(of=ME)
    container = docker("create", "--label", label, image, "/nothing")
    try:
        left = inventory.take(of=ME).beyond(before)
        other = inventory.take(of=ME * 10)
    finally:
        docker("rm", container)
        docker("rmi", image)
    assert left == (f"containers: {container[:12]} {ME}",)
    assert other.containers == frozenset()
    assert inventory.take(of=ME).beyond(before) == ()


def test_databases_and_roles_of_a_server_are_seen(
    database: Callable[..., tuple[Cluster, str]],
) -> None:
    cluster, _ = database(18)
    before = inventory.take(of=ME, dsn=cluster.dsn())
    _, name = database(18, prelude="CREATE ROLE left_behind")
    after = inventory.take(of=ME, dsn=cluster.dsn())
    assert after.beyond(before) == (f"databases: {name}", "roles: left_behind")
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute("DROP ROLE left_behind")


def test_nothing_is_beyond_itself_and_everything_is_beyond_nothing() -> None:
    some = inventory.Inventory(
        frozenset({"7 sh"}), frozenset({"c"}), frozenset({"f"}), frozenset({"d"}), frozenset({"r"})
    )
    assert some.beyond(some) == ()
    assert len(some.beyond(inventory.NOTHING)) == 5
