"""Reads `mappings.yaml`, and says what is wrong with one that has another shape, and where."""

from __future__ import annotations

import difflib
import json
import re
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from pydantic import ValidationError

from consolidate import mapping_rules, yamlplaces
from consolidate.config import (
    Auditing,
    Config,
    Group,
    Legacy,
    Rollback,
    Seed,
    Templates,
)
from consolidate.errors import InputProblem
from consolidate.history.text import decode
from consolidate.mapping_shape import SECTIONS, MappingsFile
from consolidate.patterns import ObjectPattern
from consolidate.yamlplaces import Flaw

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from consolidate.yamlplaces import Document

_NAMED_SCHEMA = re.compile(r"(?m)^# *yaml-language-server: *\$schema=(\S+)")
"""How a YAML file names its schema for editors (yaml-language-server's modeline)."""


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
        known = SECTIONS[tuple(part for part in path[:-1] if isinstance(part, str))].model_fields
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
