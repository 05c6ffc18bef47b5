"""Real histories that nobody here wrote: fetched from the package index, kept nowhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SYNAPSE_MAPPINGS = """\
legacy: {path: schema, order: order.txt, placeholders: {"$%AUTO_INCREMENT_PRIMARY_KEY%$":
  BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY}}
"""
_DATABASES = ("common", "main", "state")


def procrastinate(folder: Path) -> Path:
    """The folder `sql` of procrastinate 3.10.0."""
    return _from_wheel(folder, "procrastinate==3.10.0", "procrastinate/sql/")


def synapse(folder: Path) -> Path:
    """The folder `schema` of matrix-synapse 1.163.2."""
    return _from_wheel(folder, "matrix-synapse==1.163.2", "synapse/storage/schema/")


def synapse_project(schema: Path, folder: Path) -> Path:
    """The configuration of a project that consolidates a copy of it: order and placeholders."""
    shutil.copytree(schema, folder / "schema")
    (folder / "order.txt").write_text("\n".join(_order(schema)), encoding="utf-8")
    config = folder / "mappings.yaml"
    config.write_text(SYNAPSE_MAPPINGS, encoding="utf-8")
    return config


def _order(schema: Path) -> list[str]:
    """What its `prepare_database` applies to an empty PostgreSQL, in order."""
    paths = [schema / "common" / "schema_version.sql"]
    paths += [schema / database / "full_schemas/72/full.sql.postgres" for database in _DATABASES]
    for version in range(73, 95):
        deltas = [
            file
            for database in _DATABASES
            for file in (schema / database / "delta" / str(version)).glob("*")
            if file.name.endswith((".sql", ".sql.postgres"))
        ]
        paths += sorted(deltas, key=lambda file: file.name)
    return [path.relative_to(schema).as_posix() for path in paths]


def _from_wheel(folder: Path, requirement: str, inside: str) -> Path:
    """One folder of a package's wheel."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    fetch = [*pip, "--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    subprocess.run([*fetch, requirement], check=True)  # noqa: S603 - a requirement of ours
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder, [name for name in wheel.namelist() if name.startswith(inside)])
    return folder / inside
