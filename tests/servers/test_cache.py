"""The cache and the places of the embedded server: built once, whole, and never a stranger's."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import psycopg
import pytest

import consolidate
from consolidate.errors import EnvironmentProblem
from consolidate.servers import open_server
from consolidate.servers.cache import cached
from consolidate.servers.folders import own_folder, owned_folder, sweep
from consolidate.servers.places import data_places, socket_places, suits_a_socket
from consolidate.servers.processes import Account, server_account
from consolidate.servers.wheel import find_programs

if TYPE_CHECKING:
    from collections.abc import Iterator

SELF = Account(uid=os.geteuid(), gid=os.getegid(), switched=False)
OTHER = Account(uid=65534, gid=65534, switched=True)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache's folder, alone and not yet made."""
    monkeypatch.setattr(
        "consolidate.servers.cache.candidates", lambda: iter([tmp_path / "consolidate"])
    )
    return tmp_path / "consolidate"


@pytest.fixture
def open_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache that the server's account can enter, unlike pytest's own folders."""
    where = next(data_places(server_account()))
    with tempfile.TemporaryDirectory(prefix="test-cache-", dir=where) as name:
        Path(name).chmod(0o755)
        monkeypatch.setenv("XDG_CACHE_HOME", name)
        find_programs.cache_clear()  # it remembers a folder of the cache
        yield Path(name) / "consolidate"
        find_programs.cache_clear()


def write(text: str, folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "file").write_text(text)


def forbidden(_: Path) -> NoReturn:
    pytest.fail("it was built again")


def test_what_is_cached_is_built_once(place: Path) -> None:
    first = cached("thing", lambda folder: write("one", folder), SELF)
    assert first == place / "thing"
    assert cached("thing", forbidden, SELF) == first
    assert (first / "sub" / "file").read_text() == "one"
    assert [path.name for path in place.iterdir()] == ["thing"]


def test_what_lost_a_file_is_built_again(place: Path) -> None:
    folder = cached("thing", lambda folder: write("one", folder), SELF)
    (folder / "sub" / "file").unlink()
    assert cached("thing", lambda folder: write("two", folder), SELF) == folder
    assert (folder / "sub" / "file").read_text() == "two"
    assert [path.name for path in place.iterdir()] == ["thing"]


def test_the_slower_of_two_builders_discards_its_work(place: Path) -> None:
    def overtaken(folder: Path) -> None:
        write("slow", folder)
        cached("thing", lambda other: write("fast", other), SELF)

    folder = cached("thing", overtaken, SELF)
    assert (folder / "sub" / "file").read_text() == "fast"
    assert [path.name for path in place.iterdir()] == ["thing"]


def test_a_build_that_fails_leaves_nothing(place: Path) -> None:
    def full(folder: Path) -> NoReturn:
        write("half", folder)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(EnvironmentProblem, match="no folder can hold the cache") as caught:
        cached("thing", full, SELF)
    assert caught.value.problems == (f"{place}: [Errno 28] No space left on device",)
    assert list(place.iterdir()) == []


def test_a_place_that_others_can_write_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, link, file, good = (tmp_path / name for name in ("shared", "link", "file", "good"))
    shared.mkdir()
    shared.chmod(0o777)
    link.symlink_to(good)
    file.touch()
    good.mkdir()
    places = [shared, link, file / "below", good]
    monkeypatch.setattr("consolidate.servers.cache.candidates", lambda: iter(places))
    assert cached("thing", lambda folder: write("one", folder), SELF) == good / "thing"
    places.pop()
    with pytest.raises(EnvironmentProblem) as caught:
        cached("thing", forbidden, SELF)
    assert caught.value.problems == (
        f"{shared}: other accounts can write to it",
        f"{link}: it is no folder",
        f"{file / 'below'}: Not a directory",
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders away")
def test_a_place_of_another_account_is_refused(place: Path) -> None:
    place.mkdir()
    os.chown(place, OTHER.uid, OTHER.gid)
    with pytest.raises(EnvironmentProblem) as caught:
        cached("thing", forbidden, SELF)
    assert caught.value.problems == (f"{place}: it belongs to another account",)


def test_a_place_that_the_account_can_not_enter_is_refused(place: Path) -> None:
    place.parent.chmod(0o700)
    with pytest.raises(EnvironmentProblem) as caught:
        cached("thing", forbidden, OTHER)
    assert caught.value.problems == (f"{place}: the server's account can not enter it",)


@pytest.mark.pg
def test_two_processes_may_build_the_cache_at_once(open_place: Path) -> None:
    code = (
        "import sys; from consolidate.servers import open_server; print('up', flush=True)\n"
        "sys.stdin.read()\n"
        "with open_server('embedded://18').cluster() as cluster:\n"
        "    print(cluster.tool('psql', '-Atc', 'SELECT 1').decode())"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path(consolidate.__file__).parents[1])},
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "up\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    outcomes = [process.communicate() for process in both]
    assert outcomes == [("1\n\n", "")] * 2
    (template,) = open_place.glob("template-*")
    assert template.name.startswith("template-0.6.")
    assert {path.name.partition("-")[0] for path in open_place.iterdir()} <= {
        "programs",
        "template",
    }
    assert template.stat().st_uid == os.geteuid()


@pytest.mark.pg
def test_a_damaged_template_is_made_again(open_place: Path) -> None:
    server = open_server("embedded://18")
    with server.cluster():
        (template,) = open_place.glob("template-*")
    (template / "data" / "global" / "pg_control").unlink()
    with server.cluster() as cluster, psycopg.connect(cluster.dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert list(open_place.glob("template-*")) == [template]


def test_only_folders_without_a_living_owner_are_swept(tmp_path: Path) -> None:
    seen: list[Path] = []
    foreign = tmp_path / "somebody's"
    foreign.mkdir()
    stale = tmp_path / "consolidate-pg-1-stale"
    stale.mkdir()
    (stale / "file").touch()
    with owned_folder(tmp_path) as alive:
        sweep(tmp_path, seen.append)
        assert seen == [stale]
        assert set(tmp_path.iterdir()) == {foreign, alive}
    assert list(tmp_path.iterdir()) == [foreign]


def test_a_folder_that_lost_its_owner_is_stale_whatever_its_name_says(tmp_path: Path) -> None:
    folder = own_folder(tmp_path)
    os.close(folder.descriptor)
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_temporary_folder_that_the_user_names_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    assert next(data_places(SELF)) == tmp_path
    assert tmp_path not in socket_places(SELF)


@pytest.mark.parametrize("has_room", [True, False])
def test_memory_is_used_only_if_there_is_plenty(
    has_room: bool,  # noqa: FBT001 - a parameter of the test
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    temporary, memory = tmp_path / "temporary", tmp_path / "memory"
    temporary.mkdir()
    memory.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr("consolidate.servers.places._MEMORY", memory)
    monkeypatch.setattr("consolidate.servers.places._has_room", lambda _: has_room)
    assert next(data_places(SELF)) == (memory if has_room else temporary)


@pytest.mark.parametrize(
    ("folder", "suits"),
    [
        ("/srv/consolidate-pg-1-ab_c/s", True),
        ("/srv/" + "x" * 80, True),
        ("/srv/" + "x" * 90, False),
        ("/srv/two words", False),
        ("/srv/größer", False),
        ("/srv/a,b", False),
        ("/srv/it's", False),
    ],
)
def test_a_socket_needs_a_short_and_plain_path(folder: str, suits: bool) -> None:  # noqa: FBT001
    assert suits_a_socket(Path(folder)) is suits
