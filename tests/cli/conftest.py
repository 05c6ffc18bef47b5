"""Small projects in folders of their own, and the program as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
        return subprocess.run(
            [PROGRAM, *arguments],
            cwd=self.folder,
            env=self.surroundings,
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def start(self, *arguments: str, stdout: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
        """Starts the program here; what it tells is in `told`."""
        with (self.folder / "told").open("wb") as told:
            return subprocess.Popen(
                [PROGRAM, *arguments],
                cwd=self.folder,
                env=self.surroundings,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=told,
            )

    @property
    def told(self) -> str:
        """What the started program has told so far."""
        return (self.folder / "told").read_text(encoding="utf-8")

    @property
    def surroundings(self) -> dict[str, str]:
        """The environment: without what changes how Python or a terminal writes."""
        unwanted = {"PYTHONUNBUFFERED", "NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS"}
        kept = {name: value for name, value in os.environ.items() if name not in unwanted}
        return {**kept, "TERM": "xterm-256color", **self.environment}


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Project]:
    """`project({"a.sql": "…"})` is a project with these files in `legacy`."""

    def make(history: Mapping[str, str] = HISTORY, **environment: str) -> Project:
        made = Project(tmp_path, environment)
        for path, text in history.items():
            made.write(f"legacy/{path}", text)
        return made

    return make
