"""Writes legacy folders and tells what was read of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import history
from consolidate.errors import InputProblem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from consolidate.model import History


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def empty(folder: Path, *paths: str) -> Path:
    return write(folder, dict.fromkeys(paths, "SELECT 1;"))


def paths(read: History) -> list[str]:
    return [migration.path for migration in read.migrations]


def found(read: History) -> list[tuple[str, str]]:
    return [(finding.code, str(finding.span)) for finding in read.findings]


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(InputProblem) as caught:
        history.read(folder)
    return caught.value.problems
