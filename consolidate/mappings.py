"""The shape of `mappings.yaml`: what may stand in it, and what is wrong with one that is not so."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
)

from consolidate import mapping_rules, yamlplaces
from consolidate.config import (
    DEFAULT,
    Auditing,
    Config,
    Group,
    Legacy,
    Naming,
    Rollback,
    Seed,
    Templates,
)
from consolidate.errors import InputProblem
from consolidate.findings import CODES
from consolidate.history.text import decode
from consolidate.model import Runner, Severity
from consolidate.patterns import ObjectPattern
from consolidate.threshold import FailOn
from consolidate.waivers import WAIVERS
from consolidate.yamlplaces import Flaw

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from consolidate.yamlplaces import Document

_PHASE = r"^[0-9][0-9]_[a-z0-9_]+$"

_NAMED_SCHEMA = re.compile(r"(?m)^# *yaml-language-server: *\$schema=(\S+)")
"""How a YAML file names its schema for editors (yaml-language-server's modeline)."""


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


_SECTIONS: dict[tuple[str, ...], type[_Section]] = {
    (): MappingsFile,
    ("legacy",): LegacySection,
    ("groups",): GroupSection,
    ("seeds",): SeedSection,
    ("rollback",): RollbackSection,
    ("templates",): TemplatesSection,
    ("audit",): AuditSection,
}
_MESSAGES = {
    "missing": "is missing",
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "bool_type": "must be true or false",
}
_PATTERN_MESSAGES = {
    "name": "must be lower-case letters, digits and underscores",
    "version": "must look like 20250105_000000",
    "file": "must look like 01_reference_data",
    "phases": "must look like 01_core_tables",
    "servers": "must be docker://IMAGE, local://MAJOR, embedded://18, embedded://16, "
    "postgresql://… or auto",
}

_EMPTY = "the file is empty: `consolidate init` writes what it may begin with"


def load(path: Path) -> Config:
    """What `config.load` returns and raises."""
    return _config(*read(path), path.as_posix())


def read(path: Path) -> tuple[MappingsFile, Document]:
    """What a file says, and where; it raises what `config.load` raises."""
    return parsed(text_of(path), path.as_posix())


def text_of(path: Path) -> str:
    """The text of a file.

    Raises:
        InputProblem: It can not be read, or is not UTF-8.
    """
    name = path.as_posix()
    try:
        return decode(path.read_bytes(), name)
    except OSError as error:
        raise InputProblem(f"{name} can not be read: {error.strerror}") from error


def parsed(text: str, name: str) -> tuple[MappingsFile, Document]:
    """The same of a text, whose file has this name or is to have it."""
    document = yamlplaces.read(text)
    mappings, flaws = _validated(document)
    if mappings is None or flaws:
        raise InputProblem(
            f"{name} can not be used",
            problems=tuple(_line(name, flaw) for flaw in sorted(flaws)),
            hint=f"{_schema_of(text, name)} what may stand in it.",
        )
    return mappings, document


def _schema_of(text: str, name: str) -> str:
    """The JSON Schema that a file names for editors, as seen from here; else who prints it."""
    found = _NAMED_SCHEMA.search(text)
    if found is None:
        return "`consolidate config schema` prints"
    if "://" in found[1]:
        return f"{found[1]} says"
    return f"{normpath(join(dirname(name), found[1]))} says"


def schema() -> str:
    """What `config.schema` returns."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **MappingsFile.model_json_schema(),
        "title": "mappings.yaml",
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _validated(document: Document) -> tuple[MappingsFile | None, list[Flaw]]:
    flaws = list(document.flaws)
    if not isinstance(document.value, dict):
        if not flaws:
            what = _EMPTY if document.is_blank else "must be a mapping"
            flaws = [Flaw(document.at(()), (), what)]
        return None, flaws
    flaws += mapping_rules.broken(document, document.value)
    try:
        return MappingsFile.model_validate(document.value), flaws
    except ValidationError as error:
        told = {flaw.path for flaw in document.flaws}
        found = [_flaw(document, details) for details in error.errors() if not _follows(details)]
        return None, [*flaws, *(flaw for flaw in found if flaw.path not in told)]


def _follows(details: ErrorDetails) -> bool:
    """Whether the error is only due to another: pydantic counts no items that are wrong."""
    return details["type"] == "too_short" and bool(details["input"])


def _line(name: str, flaw: Flaw) -> str:
    path = "".join(f"{part}." for part in flaw.path)[:-1]
    where = f"{name}:{flaw.place.line}:{flaw.place.column}"
    return f"{where}: {path}: {flaw.message}" if path else f"{where}: {flaw.message}"


def _flaw(document: Document, details: ErrorDetails) -> Flaw:
    path = details["loc"]
    kind = details["type"]
    if kind == "extra_forbidden":
        known = _SECTIONS[tuple(part for part in path[:-1] if isinstance(part, str))].model_fields
        near = difflib.get_close_matches(str(path[-1]), known, 1)
        guess = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
        return Flaw(document.key(path), path, f"unknown key, {guess}")
    if path[-1] == "[key]":
        return Flaw(document.key(path[:-1]), path[:-1], f"the key {_message(path[:-1], details)}")
    if kind != "missing" and path not in document.values:
        path = path[:-1]  # the short form of a section
    return Flaw(document.at(path), path, _message(path, details))


def _message(path: tuple[str | int, ...], details: ErrorDetails) -> str:
    match details["type"]:
        case "string_pattern_mismatch":
            return _PATTERN_MESSAGES[[part for part in path if isinstance(part, str)][-1]]
        case "enum" | "literal_error":
            return f"must be {details['ctx']['expected']}"
        case "value_error":
            return str(details["ctx"]["error"])
        case kind:
            return _MESSAGES[kind]


def _config(mappings: MappingsFile, document: Document, name: str) -> Config:
    def places(section: str, number: int, key: str) -> dict[str, str]:
        texts = getattr(getattr(mappings, section)[number], key)
        spots = [document.at((section, number, key, place)) for place in range(len(texts))]
        return {
            ObjectPattern.parse(text).text if key == "objects" else text: (
                f"{name}:{spot.line}:{spot.column}"
            )
            for text, spot in zip(texts, spots, strict=True)
        }

    is_file = (mappings.platform or "").endswith(".sql")
    return Config(
        legacy=Legacy(**dict(mappings.legacy)),
        output=mappings.output,
        platform="plain" if is_file else mappings.platform,
        prelude=mappings.platform if is_file else None,
        servers=mappings.servers,
        phases=mappings.phases,
        groups=tuple(
            Group(
                name=group.name,
                phase=group.phase,
                version=group.version,
                title=group.title,
                files=group.files,
                objects=tuple(map(ObjectPattern.parse, group.objects)),
                line=document.at(("groups", number)).line,
                places=places("groups", number, "files") | places("groups", number, "objects"),
            )
            for number, group in enumerate(mappings.groups)
        ),
        seeds=tuple(
            Seed(
                **dict(seed),
                line=document.at(("seeds", number)).line,
                places=places("seeds", number, "tables"),
            )
            for number, seed in enumerate(mappings.seeds)
        ),
        rollback=Rollback(**dict(mappings.rollback)),
        templates=Templates(**dict(mappings.templates)),
        helpers=mappings.helpers,
        quarantine=mappings.quarantine,
        waive=mappings.waive,
        audit=Auditing(**dict(mappings.audit)),
    )
