"""What the doctor finds, of servers that are made up and of leftovers that are real."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import psycopg
import pytest

import consolidate
from consolidate import doctor, leftovers, servers, statements
from consolidate.doctor import Line, Status
from consolidate.errors import EnvironmentProblem
from consolidate.masking import masked
from consolidate.report import machine
from consolidate.servers import connected, docker, folders, given, images, open_server
from tests import engines
from tests.test_requirements import RICH, Having

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.servers.offer import Offer


@dataclass(frozen=True)
class Broken(Having):
    def offer(self) -> NoReturn:
        raise EnvironmentProblem("it does not answer", hint="Start it.")


@dataclass(frozen=True)
class Foreign(Having):
    def offer(self) -> Offer:
        return replace(Having.offer(self), locale="de_DE.UTF-8")


def _lines(
    monkeypatch: pytest.MonkeyPatch, *there: Having, urls: tuple[str, ...] = ()
) -> list[Line]:
    """What is said of made-up servers; those with a URL of `urls` were asked for."""
    known = {server.url: server for server in there}
    monkeypatch.setattr(servers, "at_hand", lambda: iter(there))
    monkeypatch.setattr(servers, "open_server", known.__getitem__)
    monkeypatch.setattr(servers, "docker_may_answer", lambda: False)
    return [line for line in doctor.examine(urls) if line.section == "servers"]


def test_a_server_is_told_with_all_that_histories_may_ask_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rich = Having("local://18", {**RICH.extensions, "plpgsql": RICH.extensions["cron"]}, icu=True)
    line = next(one for one in _lines(monkeypatch, rich) if one.subject == "local://18")
    told = "PostgreSQL 18.4, 5 extensions, ICU, superuser clerk, locale C.UTF-8"
    assert (line.status, line.told, line.help) == (Status.OK, told, "")


def test_what_a_server_can_not_do_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = Having("local://99", major=99)
    guest = Having("guest://18", superuser=False)
    foreign = Foreign("foreign://18")
    found = {line.subject: line for line in _lines(monkeypatch, newer, guest, foreign)}
    assert {found[s.url].status for s in (newer, guest, foreign)} == {Status.WARN}
    assert "newer than PostgreSQL 18 is not read" in found["local://99"].help
    assert found["guest://18"].told.endswith("no contrib, no ICU, role clerk, locale C.UTF-8")
    assert found["guest://18"].help.startswith("clerk is no superuser")
    assert "an order of de_DE.UTF-8" in found["foreign://18"].help


def test_a_server_that_was_asked_for_must_work_and_another_may_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken, working = Broken("broken://18"), Having("embedded://18")
    lines = _lines(monkeypatch, broken, working)
    assert Line("servers", "broken://18", Status.WARN, "it does not answer", "Start it.") in lines
    lines = _lines(monkeypatch, broken, working, urls=("broken://18",))
    failed = [line for line in lines if line.subject == "broken://18"]
    assert failed == [
        Line("servers", "broken://18", Status.FAIL, "it does not answer", "Start it.")
    ]


def test_engines_that_are_missing_are_warnings_and_auto_says_its_choice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = {line.subject: line for line in _lines(monkeypatch, Having("embedded://18"))}
    assert (found["docker://"].status, found["local://"].status) == (Status.WARN, Status.WARN)
    assert found["auto"].told.startswith("embedded://18: it needs nothing installed")


def test_the_grammar_is_that_of_the_parser() -> None:
    assert statements.grammar() == 18


@pytest.mark.pg
def test_a_machine_is_examined_for_real() -> None:
    lines = doctor.examine(["embedded://18"])
    found = {line.subject: line for line in lines}
    assert found["consolidate"].told == consolidate.__version__
    assert found["pglast"].told.endswith("which reads the SQL of PostgreSQL 18")
    assert found["embedded://18"].status is Status.OK
    assert "no contrib, no ICU, superuser postgres" in found["embedded://18"].told
    assert "GiB free" in found["data"].told
    document = json.loads(machine.doctor_json(lines))
    assert document["format"] == "consolidate/doctor@1"
    assert [one["subject"] for one in document["lines"]] == [line.subject for line in lines]


# -- leftovers ----------------------------------------------------------------------------------


def _names(kind: str, urls: tuple[str, ...] = ()) -> list[str]:
    return [one.name for one in leftovers.find(urls) if one.kind == kind]


def _clean(name: str, urls: tuple[str, ...] = ()) -> None:
    for one in leftovers.find(urls):
        if name in one.name:
            assert doctor.removed(one).status is Status.OK


_DYING = """
import os, signal, sys
from consolidate.servers import open_server
with open_server(sys.argv[1]).cluster():
    children = open(f"/proc/{{os.getpid()}}/task/{{os.getpid()}}/children").read().split()
    for pid in map(int, children):
        if "postgres" not in open(f"/proc/{{pid}}/comm").read():
            os.kill(pid, signal.SIGKILL)  # its watcher
    os.kill(os.getpid(), signal.SIGKILL)
""".replace("{{", "{").replace("}}", "}")


@pytest.fixture
def killed() -> Callable[[str], int]:
    """Kills a process and its watcher while it has a cluster; its process id."""

    def kill(url: str) -> int:
        root = str(Path(consolidate.__file__).parents[1])
        with subprocess.Popen(
            [sys.executable, "-c", _DYING, url], env=os.environ | {"PYTHONPATH": root}
        ) as process:
            assert process.wait() == -signal.SIGKILL
        return process.pid

    return kill


with_proc = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs /proc")


@pytest.mark.pg
@with_proc
def test_a_folder_whose_process_was_killed_is_found_and_removed_and_a_live_one_is_not(
    killed: Callable[[str], int],
) -> None:
    pid = killed("embedded://18")
    with open_server("embedded://18").cluster():
        # booting the next one has swept it already where it uses the same folder
        assert not any(f"consolidate-pg-{os.getpid()}-" in name for name in _names("folder"))
        _clean(f"consolidate-pg-{pid}-")
        assert not any(f"consolidate-pg-{pid}-" in name for name in _names("folder"))
    pid = killed("embedded://18")
    assert any(f"consolidate-pg-{pid}-" in name for name in _names("folder"))
    _clean(f"consolidate-pg-{pid}-")
    assert not any(f"consolidate-pg-{pid}-" in name for name in _names("folder"))


@pytest.mark.docker
@pytest.mark.pg
@with_proc
def test_so_is_a_container(killed: Callable[[str], int]) -> None:
    url = f"docker://{engines.IMAGE}:17"
    pid = killed(url)
    assert [name for name in _names("container") if f"-{pid}-" in name]
    _clean(f"consolidate-pg-{pid}-")
    deadline = time.monotonic() + 30  # another run of the tests may have begun to remove it
    while [name for name in _names("container") if f"-{pid}-" in name]:
        assert time.monotonic() < deadline
    with open_server(url).cluster():
        assert not [name for name in _names("container") if f"-{os.getpid()}-" in name]


@pytest.fixture(scope="module")
def guest() -> Iterator[engines.Engine]:
    with engines.opened("postgresql") as engine:
        yield engine


@pytest.mark.pg
@with_proc
def test_so_is_a_database_on_a_server_that_is_not_ours(
    guest: engines.Engine, killed: Callable[[str], int]
) -> None:
    pid = killed(guest.url)
    (name,) = _names("database", (guest.url,))
    assert name == f"consolidate_{pid} on {masked(guest.url)}"
    assert guest.host
    with psycopg.connect(guest.host, autocommit=True) as connection:
        connection.execute("CREATE DATABASE consolidate_1")  # somebody else's: it has no comment
    with open_server(guest.url).cluster():
        assert _names("database", (guest.url,)) == [name]
        _clean(f"consolidate_{pid}", (guest.url,))
        assert _names("database", (guest.url,)) == []
    with psycopg.connect(guest.host, autocommit=True) as connection:
        connection.execute("DROP DATABASE consolidate_1")


def test_a_traceback_of_ours_is_found_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("consolidate-ab_c1234.txt", "consolidate-notes.txt", "other-ab_c1234.txt"):
        (tmp_path / name).write_text("Traceback (most recent call last):", encoding="utf-8")
    (tmp_path / "consolidate-cd_e5678.txt").write_text("Shopping list", encoding="utf-8")
    assert _names("traceback") == [str(tmp_path / "consolidate-ab_c1234.txt")]
    _clean("consolidate-ab_c1234.txt")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "consolidate-cd_e5678.txt",
        "consolidate-notes.txt",
        "other-ab_c1234.txt",
    ]


def test_what_can_not_be_removed_is_told() -> None:
    def refuse() -> NoReturn:
        raise PermissionError(13, "Permission denied")

    line = doctor.removed(leftovers.Leftover("folder", "/x", refuse))
    assert (line.status, line.told) == (Status.FAIL, "it stays: [Errno 13] Permission denied")


@pytest.mark.pg
def test_a_database_that_another_role_left_is_not_ours_to_drop(guest: engines.Engine) -> None:
    theirs, ours = guest.url, guest.url.replace("postgres@", "clerk@")
    with psycopg.connect(guest.host or "", autocommit=True) as connection:
        connection.execute("CREATE DATABASE consolidate_2")
        connection.execute(f"COMMENT ON DATABASE consolidate_2 IS '{given.COMMENT}'".encode())
    assert _names("database", (ours,)) == []
    with pytest.raises(EnvironmentProblem, match="must be owner of database consolidate_2"):
        given.remove(ours, "consolidate_2")
    assert len(_names("database", (theirs,))) == 1
    _clean("consolidate_2", (theirs,))
    assert _names("database", (theirs,)) == []


@pytest.fixture
def account_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder, and a cache, that nobody else uses."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for name in ("temporary", "consolidate"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_what_was_half_made_in_the_cache_is_found_and_removed(account_places: Path) -> None:
    half = account_places / "consolidate" / "consolidate-pg-1-abc"
    (half / "product").mkdir(parents=True)
    assert str(half) in _names("folder")
    _clean(str(half))
    assert not half.exists()


def test_a_link_is_none_of_our_folders(account_places: Path) -> None:
    (account_places / "precious").mkdir()
    link = account_places / "consolidate" / "consolidate-pg-1-abc"
    link.symlink_to(account_places / "precious")
    assert str(link) not in _names("folder")


def test_what_stays_is_not_said_to_be_removed(
    account_places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (account_places / "consolidate" / "consolidate-pg-1-abc").mkdir()
    monkeypatch.setattr(docker, "leftovers", lambda: ("consolidate-pg-1-xyz",))
    monkeypatch.setattr(leftovers, "docker_may_answer", lambda: True)
    found = [one for one in leftovers.find() if "consolidate-pg-1-" in one.name]
    monkeypatch.setattr(folders, "delete_tree", lambda _: None)
    monkeypatch.setattr(docker, "remove", lambda _: None)
    lines = [doctor.removed(one) for one in found]
    assert [(line.status, line.told) for line in lines] == [
        (Status.FAIL, "it stays: it can not be deleted, or a process took it"),
        (Status.FAIL, "it stays: Docker does not remove it"),
    ]


def test_without_any_place_for_temporary_files_there_is_nothing_to_find(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse() -> NoReturn:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", refuse)
    assert _names("traceback") == []


# -- what is broken -----------------------------------------------------------------------------


def test_an_image_that_is_not_here_is_a_failure_and_is_not_pulled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(image: str) -> NoReturn:
        raise AssertionError(f"{image} was pulled")

    monkeypatch.setattr(images, "present", lambda _: False)
    monkeypatch.setattr(images, "fetch", refuse)
    lines = [one for one in doctor.examine(["docker://court:17"]) if "court" in one.subject]
    told, hint = "there is no image court:17 here", "docker pull court:17"
    assert lines == [Line("servers", "docker://court:17", Status.FAIL, told, hint)]


def test_auto_is_as_the_server_that_it_stands_for(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Broken("embedded://18")
    failed, spared = Status.FAIL, Status.WARN
    for urls, status in ((("auto",), failed), ((), spared)):
        (line,) = [one for one in _lines(monkeypatch, broken, urls=urls) if one.subject == "auto"]
        assert (line.status, line.told) == (status, "embedded://18: it does not answer")
        assert line.help == "Start it."


def test_programs_that_are_missing_keep_nothing_else_from_being_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(least: int) -> NoReturn:
        raise EnvironmentProblem(f"no programs for {least}", hint="Install them.")

    monkeypatch.setattr(connected, "newest_tools", refuse)
    found = {line.subject: line for line in doctor.examine() if line.section == "program"}
    assert list(found) == ["consolidate", "Python", "pglast", "psycopg", "pg_dump"]
    assert (found["pg_dump"].status, found["pg_dump"].help) == (Status.FAIL, "Install them.")
