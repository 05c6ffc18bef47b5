"""The project's configuration as values; how `mappings.yaml` spells them is in `mappings.py`.

Paths are relative to the project's folder, which is the one that holds `mappings.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from consolidate.behind import NOTHING
from consolidate.threshold import FailOn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from consolidate.behind import Behind
    from consolidate.kept import KeptFile
    from consolidate.model import Runner, Severity
    from consolidate.patterns import ObjectPattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Legacy:
    """Where the legacy history is, and how to read it."""

    path: str = "legacy_migrations"
    order: str | None = None
    """A file that names the migrations in apply order."""
    runner: Runner | None = None
    """Recognised from the folder if not given."""
    placeholders: Mapping[str, str] = field(default_factory=dict)
    """What is replaced before the SQL is parsed, and by what."""
    through: str | None = None
    """The last migration that is consolidated; those behind it stay as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One output file and what belongs into it."""

    name: str
    phase: str
    version: str | None = None
    """`YYYYMMDD_HHMMSS`; derived if not given."""
    title: str | None = None
    files: tuple[str, ...] = ()
    """Glob patterns of legacy files: what they made belongs here …"""
    objects: tuple[ObjectPattern, ...] = ()
    """… and these objects."""
    line: int
    """Where the group stands in the configuration, from 1."""
    places: Mapping[str, str] = field(default_factory=dict)
    """`file:line:col` of each pattern, by its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One file of rows that are kept out of the migrations."""

    file: str
    """Its name without `.sql`."""
    tables: tuple[str, ...]
    tag: str | None = None
    on_conflict: str | None = None
    """`nothing`: its INSERTs pass over rows that are there, so that it can be loaded twice."""
    line: int
    """Where the seed stands in the configuration, from 1."""
    places: Mapping[str, str] = field(default_factory=dict)
    """`file:line:col` of each table, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """How rollbacks drop."""

    cascade: bool = False
    if_exists: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """The files with which new migrations begin; ours where none is given."""

    migration: str | None = None
    rollback: str | None = None


class Naming(StrEnum):
    """Names for what file names are to look like; a regular expression may stand for one."""

    HOUSE = "house"
    """`YYYYMMDD_HHMMSS_descriptive_name.sql`."""
    TIMESTAMP = "timestamp"
    """`YYYYMMDDHHMMSS_descriptive_name.sql`."""
    RUNNER = "runner"
    """Whatever the runner reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Auditing:
    """What `consolidate audit` tells, and how much it matters."""

    naming: str | None = None
    """One of `Naming`, or a regular expression for the whole name; else as the runner has it."""
    ignore: tuple[str, ...] = ()
    """Codes that are not told."""
    severity: Mapping[str, Severity] = field(default_factory=dict)
    """By code, where it is another one than the code has."""
    fail_on: FailOn = FailOn.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything a project can decide about its consolidation."""

    legacy: Legacy = Legacy()
    output: str = "output"
    platform: str | None = None
    """What the empty database already holds; recognised from the history if not given."""
    prelude: str | None = None
    """The SQL file that makes what the empty database holds, where `platform:` names a file."""
    servers: tuple[str, ...] = ("auto",)
    phases: tuple[str, ...] = (
        "00_initial",
        "01_core_tables",
        "02_infrastructure",
        "03_enhancements",
    )
    """Folders of the output, in apply order."""
    groups: tuple[Group, ...] = ()
    seeds: tuple[Seed, ...] = ()
    rollback: Rollback = Rollback()
    templates: Templates = Templates()
    helpers: bool = False
    """Whether the helper functions follow the baseline, as a new migration."""
    quarantine: tuple[str, ...] = ()
    """Patterns of legacy files that are set aside; `auto` is whatever does not apply."""
    waive: tuple[str, ...] = ()
    """Names of waivers: differences that the proof is not held to."""
    audit: Auditing = Auditing()
    kept: tuple[KeptFile, ...] = ()
    """The files of the output that is there, in apply order; no configuration says that."""
    behind: Behind = NOTHING
    """What follows the baseline; no configuration says that either."""


DEFAULT = Config()
"""What holds without a `mappings.yaml`."""


def load(path: Path) -> Config:
    """The configuration that a file spells.

    Raises:
        InputProblem: It can not be read, or is wrong; all that is wrong is told at once, each
            with its line and column.
    """
    from consolidate import mappings  # noqa: PLC0415 - YAML and pydantic cost time to import

    return mappings.load(path)


def schema() -> str:
    """The JSON Schema of `mappings.yaml`, as committed in `schemas/mappings.schema.json`."""
    from consolidate import mappings  # noqa: PLC0415 - as above

    return mappings.schema()
