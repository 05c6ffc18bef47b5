"""Speaks to Docker as a person does, through its command line."""

from __future__ import annotations

import subprocess
from pathlib import Path

IMAGES = {15: "consolidate-test-postgres:15", 17: "consolidate-test-postgres:17"}
"""By major version: what `make images` builds."""

BUILD = Path(__file__).parent / "images" / "build"


def docker(*args: str, stdin: bytes = b"") -> str:
    """What a command of Docker's prints, without the last line break.

    Raises:
        CalledProcessError: It failed; what it said stands in `stderr`.
    """
    command = ["docker", *args]
    answer = subprocess.run(command, input=stdin, check=True, capture_output=True)
    return answer.stdout.decode().rstrip("\n")
