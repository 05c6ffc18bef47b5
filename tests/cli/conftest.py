"""Small projects in folders of their own, and the program as a process of its own."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consolidate.cli.app import run_app
from tests.servers.inventory import NOTHING, take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Run = Callable[..., tuple[int, str, str]]

PROGRAM = Path(sysconfig.get_path("scripts")) / "consolidate"

ROOMS = """\
-- Rooms of the courthouse
CREATE TABLE rooms (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO rooms VALUES (1, 'Great hall');
"""
KEYS = "CREATE TABLE keys (id int PRIMARY KEY, room_id int REFERENCES rooms, note text);\n"
NOTE = "ALTER TABLE keys ALTER COLUMN note TYPE varchar(20);\n"
HISTORY = {"20240101_rooms.sql": ROOMS, "20240201 keys.sql": KEYS, "20240301_Prüfung.sql": NOTE}


@dataclass(frozen=True, slots=True)
class Project:
    """A folder in which the program is run."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    pids: list[int] = field(default_factory=list)
    """Of every run here."""

    def write(self, path: str, text: str) -> None:
        """Writes one file, with the folders that it needs."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def files(self, path: str = ".") -> dict[str, bytes]:
        """Every file below a path."""
        base = self.folder / path
        found = sorted(file for file in base.rglob("*") if file.is_file())
        return {file.relative_to(base).as_posix(): file.read_bytes() for file in found}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs the program here to its end."""
        with subprocess.Popen(
            [PROGRAM, *arguments],
            cwd=self.folder,
            env=self.surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as process:
            self.pids.append(process.pid)
            answered, told = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, answered, told)

    def start(self, *arguments: str, stdout: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
        """Starts the program here; what it tells is in `told`."""
        with (self.folder / "told").open("wb") as told:
            process = subprocess.Popen(
                [PROGRAM, *arguments],
                cwd=self.folder,
                env=self.surroundings,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=told,
            )
        self.pids.append(process.pid)
        return process

    def left(self) -> tuple[str, ...]:
        """What the runs here have left on this machine, besides files in this folder."""
        named = [Path(self.environment[name]) for name in _PLACES if name in self.environment]
        places = [*named, *(place / "consolidate" for place in named)]
        found = (take(of=pid, places=places).beyond(NOTHING) for pid in self.pids)
        return tuple(thing for things in found for thing in things)

    @property
    def told(self) -> str:
        """What the started program has told so far."""
        return (self.folder / "told").read_text(encoding="utf-8")

    @property
    def surroundings(self) -> dict[str, str]:
        """The environment: without what changes how the program, Python or a terminal writes."""
        unwanted = {"PYTHONUNBUFFERED", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"}
        unwanted |= {"TERM", "COLUMNS", "CI", "GITHUB_STEP_SUMMARY"}
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in unwanted and not name.startswith("CONSOLIDATE_")
        }
        return {**kept, "TERM": "xterm-256color", **self.environment}


_PLACES = ("TMPDIR", "XDG_CACHE_HOME")
"""Where a run may be told to leave things."""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Callable[..., Project]]:
    """`project({"a.sql": "…"})` is a project with these files in `legacy`.

    Whatever a test does there, its runs must leave nothing behind.
    """
    projects = []

    def make(history: Mapping[str, str] = HISTORY, **environment: str) -> Project:
        made = Project(tmp_path, environment)
        for path, text in history.items():
            made.write(f"legacy/{path}", text)
        projects.append(made)
        return made

    yield make
    assert [thing for made in projects for thing in made.left()] == []


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The program in this process, in the root of the repository: its code and what it says."""
    monkeypatch.chdir(Path(__file__).parents[2])
    for name in [one for one in os.environ if one.startswith("CONSOLIDATE_")]:
        monkeypatch.delenv(name)

    def ran(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["consolidate", *arguments])
        code = run_app()
        gc.enable()  # the program that only reads turns it off, and ends
        told = capsys.readouterr()
        return code, told.out, told.err

    return ran


def undocumented(answer: object, page: str) -> set[str]:
    """The fields of an answer in JSON that a page of the documents does not name."""
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    named = {word for span in spans for word in re.findall(r"\w+", span)}
    return _fields(answer) - named


def _fields(answer: object) -> set[str]:
    if isinstance(answer, dict):
        return {*answer}.union(*map(_fields, answer.values()))
    return set().union(*map(_fields, answer)) if isinstance(answer, list) else set()


@dataclass(frozen=True, slots=True)
class Proven:
    """What came of a run on `HISTORY`."""

    output: Mapping[str, bytes]
    told: str


@pytest.fixture(scope="module")
def proven(tmp_path_factory: pytest.TempPathFactory) -> Proven:
    """A run on `HISTORY`, for all tests of a file."""
    made = Project(tmp_path_factory.mktemp("proven"))
    for path, text in HISTORY.items():
        made.write(f"legacy/{path}", text)
    ran = made.run("run", "legacy")
    assert ran.returncode == 0, ran.stderr
    return Proven(made.files("output"), ran.stderr)
