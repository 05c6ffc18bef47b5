"""Migrations that are written in code: nothing here can read them, so they are told."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.history.sources import place, relative
from consolidate.model import Finding, Severity
from consolidate.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        ".cjs": "JavaScript",
        ".cs": "C#",
        ".ex": "Elixir",
        ".exs": "Elixir",
        ".go": "Go",
        ".java": "Java",
        ".js": "JavaScript",
        ".kt": "Kotlin",
        ".mjs": "JavaScript",
        ".php": "PHP",
        ".py": "Python",
        ".rb": "Ruby",
        ".rs": "Rust",
        ".sh": "shell",
        ".ts": "TypeScript",
    }
)
"""What migrations are written in besides SQL, by the endings of their names."""


def passed_over(folder: Path, found: Iterable[Path]) -> tuple[Finding, ...]:
    """What to say of the migrations in code among some files: one finding for all of them."""
    code = [file for file in found if file.suffix in LANGUAGES]
    if not code:
        return ()
    paths = [relative(folder, file) for file in code]
    languages = listed(sorted({LANGUAGES[file.suffix] for file in code}), len(LANGUAGES))
    told = (
        f"{paths[0]} is not read: it is a migration in {languages}; if it changes the database,"
        if len(paths) == 1
        else f"{counted(len(paths), 'migration')} in {languages} are not read: {listed(paths, 8)};"
        " where one changes the database,"
    )
    return (
        Finding(
            code=findings.NAME_NOT_READ,
            severity=Severity.WARNING,
            message=f"{told} an order file has to name SQL of the same effect in its place",
            span=place(paths[0]),
            help="Write that SQL into a file of its own; `--order FILE` names all files in their"
            " order.",
        ),
    )
