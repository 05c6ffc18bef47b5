"""The standard streams where whoever started us has closed them, or reads them no more."""

from __future__ import annotations

import os
import sys
from typing import IO


def open_all() -> None:
    """Opens what was closed from the start (`>&-`), or another file would take its number."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            lowest = os.open(os.devnull, os.O_RDWR)
            if lowest != number:
                os.dup2(lowest, number)
                os.close(lowest)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))


def to_nowhere(stream: IO[str]) -> None:
    """Throws away what a stream still holds, and all that is written to it from now on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
