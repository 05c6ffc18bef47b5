"""What holds for every key of the configuration, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consolidate import mappings
from consolidate.mapping_shape import MappingsFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from consolidate.yamlplaces import Document

DEFAULT = "default"

_SECTIONS = ("legacy", "rollback", "templates", "audit")
"""Keys whose value is more keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One key, as the configuration's reference spells it."""

    key: str
    value: Any
    """As JSON has it."""
    origin: str
    """`file:line:column`, or `default`, or what came before both."""


def settings(path: Path | None) -> tuple[Setting, ...]:
    """Every key, from a configuration file or, where it is silent or there is none, by default.

    Raises:
        InputProblem: The file can not be used.
    """
    if path is None:
        return tuple(_settings(MappingsFile(), None, ""))
    read, document = mappings.read(path)
    return tuple(_settings(read, document, path.as_posix()))


def over(found: tuple[Setting, ...], said: Mapping[str, Setting]) -> tuple[Setting, ...]:
    """The same with what was said elsewhere in the place of what stands there."""
    return tuple(said.get(one.key, one) for one in found)


def _settings(read: MappingsFile, document: Document | None, name: str) -> Iterator[Setting]:
    for key, value in read.model_dump(mode="json").items():
        inner: dict[tuple[str, ...], Any] = {(key,): value}
        if key in _SECTIONS:
            inner = {(key, below): there for below, there in value.items()}
        for path, there in inner.items():
            yield Setting(key=".".join(path), value=there, origin=_origin(document, path, name))


def _origin(document: Document | None, path: tuple[str, ...], name: str) -> str:
    """Where a key stands; `legacy: folder` is short for `legacy.path`."""
    if document is None:
        return DEFAULT
    place = document.values.get(path)
    root = document.value if isinstance(document.value, dict) else {}
    if path == ("legacy", "path") and isinstance(root.get("legacy"), str):
        place = document.values[("legacy",)]
    return f"{name}:{place.line}:{place.column}" if place else DEFAULT
