"""A fresh clone and a shell of somebody who has nothing: no `.venv`, no settings, an empty HOME."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.newcomer.pages import Step

ROOT = Path(__file__).parents[2]

_KEPT = ("SSL_CERT_FILE", "TMPDIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
"""What reaches the package index on this machine, besides `PIP_…`; and where temporary files go."""

_MARK = "--- that was the answer of a command ---"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one command wrote to standard output and to standard error."""

    out: str
    err: str

    def told(self, *, quiet: bool) -> str:
        """The answer, and of a command that ought to be quiet also what it complains of."""
        return self.out + self.err if quiet else self.out


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """A working copy as git would check it out, and the home of the one who made it."""

    folder: Path
    home: Path

    def typed(self, steps: Sequence[Step], extra: Mapping[str, str]) -> list[Answer]:
        """Types the commands into one shell, one after the other, and waits for each."""
        marked = f"{{ status=$?; echo; echo '{_MARK}'; echo '{_MARK}' >&2; (exit $status); }}"
        lines = [line for step in steps for line in (step.typed, marked)]
        script = self.home.parent / "typed.sh"
        script.write_text("\n".join(lines) + "\n", encoding="utf-8")
        bash = shutil.which("bash")
        assert bash, "the pages are typed into bash, and there is none"
        ran = subprocess.run(
            [bash, "--noprofile", "--norc", str(script)],
            cwd=self.folder,
            env={**self.environment(), **extra},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        outs = ran.stdout.split(f"\n{_MARK}\n")
        errs = ran.stderr.split(f"{_MARK}\n")
        return [Answer(out=o, err=e) for o, e in zip(outs[:-1], errs[:-1], strict=True)]

    def environment(self) -> dict[str, str]:
        """PATH without this repository's `.venv`, HOME, and what pip needs on this machine."""
        ours = ROOT / ".venv"
        path = [p for p in os.environ["PATH"].split(os.pathsep) if ours not in Path(p).parents]
        kept = {
            name: value
            for name, value in os.environ.items()
            if name.upper() in _KEPT or name.startswith("PIP_")
        }
        return {**kept, "PATH": os.pathsep.join(path), "HOME": str(self.home)}

    def changed(self) -> list[str]:
        """What git would tell of the working copy: files that changed, went, or are new."""
        changed = _git(self.folder, "diff", "--name-only", "-z")
        new = _git(self.folder, "ls-files", "-z", "--others", "--exclude-standard")
        return sorted(name for name in (changed + new).split("\0") if name)

    def ignored(self) -> set[str]:
        """The new files and folders at the top that git ignores; `__pycache__` stands anywhere."""
        listed = _git(self.folder, "ls-files", "-z", "--others", "--ignored", "--exclude-standard")
        parts = [name.split("/") for name in listed.split("\0") if name]
        cached = "__pycache__"
        return {cached if cached in path else path[0] for path in parts}


def fresh(place: Path) -> Clone:
    """Copies what git knows here or would add, edits that are not committed included."""
    clone = Clone(folder=place / "consolidate", home=place / "home")
    clone.home.mkdir(parents=True)
    listed = _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            target = clone.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    _git(clone.folder, "init", "--quiet")
    _git(clone.folder, "add", "--all")
    return clone


def _git(folder: Path, *arguments: str) -> str:
    git = shutil.which("git")
    assert git, "git tells what a clone holds, and it is not installed"
    command = [git, "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
