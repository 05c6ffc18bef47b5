"""Writes one file as a whole: afterwards it is all there, or as it was."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from consolidate.errors import EnvironmentProblem
from consolidate.interrupts import held


def write(target: Path, text: str) -> None:
    """Puts a text in the place of a file, through a link if it is one; its permissions stay.

    No line end is translated.

    Raises:
        EnvironmentProblem: The place can not be written to.
    """
    target = target.resolve()
    aside: Path | None = None
    try:
        with held():
            descriptor, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
            aside = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, aside)
        else:
            aside.chmod(0o666 & ~_umask())
        with held():
            aside.replace(target)
            aside = None
    except OSError as error:
        raise EnvironmentProblem(
            f"{target} can not be written: {error.strerror or error}",
            hint="Nothing was changed.",
        ) from error
    finally:
        if aside is not None:
            with suppress(OSError):
                aside.unlink()


def _umask() -> int:
    """Which permissions a new file does not get; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
