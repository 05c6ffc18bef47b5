"""The shape of `mappings.yaml`: what may stand in it, key by key."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from consolidate import mapping_rules
from consolidate.config import DEFAULT, Naming
from consolidate.findings import CODES
from consolidate.model import Runner, Severity
from consolidate.patterns import ObjectPattern
from consolidate.threshold import FailOn
from consolidate.waivers import WAIVERS

_PHASE = r"^[0-9][0-9]_[a-z0-9_]+$"


def _inside(path: str) -> str:
    parts = PurePosixPath(path)
    if not path or parts.is_absolute() or ".." in parts.parts:
        raise ValueError("must be a path inside the project, relative to its folder")
    return path


def _object_pattern(text: str) -> str:
    ObjectPattern.parse(text)
    return text


def _platform(text: str) -> str:
    if text.endswith(".sql"):
        return _inside(text)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", text):
        raise ValueError("must be the name of a platform, or of a .sql file in the project")
    return text


def _waiver(name: str) -> str:
    if name not in WAIVERS:
        raise ValueError(f"must be the name of a waiver: {', '.join(WAIVERS)}")
    return name


def _long_form(value: object) -> object:
    return {"path": value} if isinstance(value, str) else value


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _code(code: str) -> str:
    if code not in CODES:
        raise ValueError("must be the code of a finding, such as CON210")
    return code


def _naming(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"must be {', '.join(Naming)} or a regular expression: {error}") from None
    return text


_Inside = Annotated[str, AfterValidator(_inside)]
_Some = Annotated[str, Field(min_length=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LegacySection(_Section):
    """Where the legacy history is, and how to read it."""

    path: _Inside = Field(
        default=DEFAULT.legacy.path, description="The folder of the legacy migrations."
    )
    order: _Inside | None = Field(
        default=None, description="A file that names them in apply order."
    )
    runner: Runner | None = Field(default=None, description="Whose conventions the folder follows.")
    placeholders: dict[_Some, str] = Field(
        default_factory=dict, description="Texts to replace before the SQL is read, and by what."
    )
    through: _Inside | None = Field(
        default=None,
        description="The last migration that is consolidated; those behind it stay as they are.",
    )


class GroupSection(_Section):
    """One output file and what belongs into it."""

    name: str = Field(pattern=r"^[a-z0-9_]+$", description="The file is <version>_<name>.sql.")
    phase: str = Field(description="The folder it goes to, one of `phases`.")
    version: str | None = Field(
        default=None, pattern=mapping_rules.VERSION, description="YYYYMMDD_HHMMSS."
    )
    title: str | None = Field(default=None, description="What the file is about, for its header.")
    files: tuple[_Inside, ...] = Field(
        default=(), description="Legacy files whose objects belong here."
    )
    objects: tuple[Annotated[str, AfterValidator(_object_pattern)], ...] = Field(
        default=(), description='Objects that belong here: "[kind ]schema.name", or "kind *".'
    )


class SeedSection(_Section):
    """One file of rows that are kept out of the migrations."""

    file: str = Field(pattern=_PHASE, description="The file's name without .sql.")
    tables: tuple[_Some, ...] = Field(min_length=1, description="The tables whose rows it has.")
    tag: _Some | None = Field(
        default=None, description="What the rows are for, such as `reference`."
    )
    on_conflict: Literal["nothing"] | None = Field(
        default=None, description="Pass over rows that are there, so that it can be loaded twice."
    )


class RollbackSection(_Section):
    """How rollbacks drop."""

    cascade: StrictBool = Field(
        default=DEFAULT.rollback.cascade,
        description="Drop what depends on an object along with it.",
    )
    if_exists: StrictBool = Field(
        default=DEFAULT.rollback.if_exists, description="Do not fail on an object that is gone."
    )


class TemplatesSection(_Section):
    """The files with which `consolidate new` begins."""

    migration: _Inside | None = Field(
        default=None, description="For the migration; `{{ name }}` and the like are filled in."
    )
    rollback: _Inside | None = Field(default=None, description="For its rollback.")


class AuditSection(_Section):
    """What `consolidate audit` tells, and how much it matters."""

    naming: Annotated[_Some, AfterValidator(_naming)] | None = Field(
        default=DEFAULT.audit.naming,
        description="What file names are to look like: house, timestamp, runner, or a regular"
        " expression.",
    )
    ignore: tuple[Annotated[str, AfterValidator(_code)], ...] = Field(
        default=DEFAULT.audit.ignore, description="Codes of findings that are not told."
    )
    severity: dict[Annotated[str, AfterValidator(_code)], Severity] = Field(
        default_factory=dict, description="How much a finding matters, by its code."
    )
    fail_on: FailOn = Field(
        default=DEFAULT.audit.fail_on,
        description="The mildest finding with which the answer is no.",
    )


class MappingsFile(_Section):
    """How a legacy history becomes a grouped one."""

    legacy: Annotated[
        LegacySection, BeforeValidator(_long_form, json_schema_input_type=str | LegacySection)
    ] = Field(
        default=LegacySection(), description="The folder of the legacy migrations, or more of it."
    )
    output: _Inside = Field(
        default=DEFAULT.output, description="The folder that the result goes to."
    )
    platform: Annotated[str, AfterValidator(_platform)] | None = Field(
        default=None,
        description="What the empty database holds: a platform, or a .sql file.",
    )
    servers: tuple[
        Annotated[str, Field(pattern=r"^(auto|(docker|local|embedded|postgresql|postgres)://.+)$")],
        ...,
    ] = Field(
        default=DEFAULT.servers,
        min_length=1,
        description="The servers on which the result is proven.",
    )
    phases: tuple[Annotated[str, Field(pattern=_PHASE)], ...] = Field(
        default=DEFAULT.phases,
        min_length=1,
        description="The folders of the output, in apply order.",
    )
    groups: tuple[GroupSection, ...] = Field(default=(), description="The files of the output.")
    seeds: tuple[SeedSection, ...] = Field(
        default=(), description="Rows kept out of the migrations."
    )
    rollback: RollbackSection = Field(
        default=RollbackSection(), description="How the files under rollback/ drop what was made."
    )
    templates: TemplatesSection = Field(
        default=TemplatesSection(), description="What new migrations begin with."
    )
    helpers: StrictBool = Field(
        default=DEFAULT.helpers,
        description="Add functions that tell the state of the migrations and of the schema.",
    )
    quarantine: Annotated[
        tuple[_Inside, ...],
        BeforeValidator(_one_or_more, json_schema_input_type=str | tuple[str, ...]),
    ] = Field(
        default=(), description="Legacy files to set aside; `auto` is whatever does not apply."
    )
    waive: Annotated[
        tuple[Annotated[str, AfterValidator(_waiver)], ...],
        BeforeValidator(_one_or_more, json_schema_input_type=str | tuple[str, ...]),
    ] = Field(default=(), description="Differences that the proof is not held to, by their names.")
    audit: AuditSection = Field(
        default=AuditSection(), description="What an audit of the history tells."
    )


SECTIONS: dict[tuple[str, ...], type[_Section]] = {
    (): MappingsFile,
    ("legacy",): LegacySection,
    ("groups",): GroupSection,
    ("seeds",): SeedSection,
    ("rollback",): RollbackSection,
    ("templates",): TemplatesSection,
    ("audit",): AuditSection,
}
"""The sections by where they stand, list numbers left out."""
