"""Puts values into JSON that any parser takes, and that steers no terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from consolidate.phrases import holds_bytes, spelled

if TYPE_CHECKING:
    from collections.abc import Mapping


def text(document: Mapping[str, Any]) -> str:
    r"""The document, the same bytes for the same values.

    A character that can not be printed is written as JSON's escape for it. JSON has none for a byte
    of a file's name that is not UTF-8: a lone surrogate is what many parsers refuse. It is spelled
    as people see it, `\xff`.
    """
    told = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False)
    return "".join(f"{_line(line)}\n" for line in told.split("\n"))


def _line(line: str) -> str:
    return line if line.isprintable() else "".join(map(_character, line))


def _character(one: str) -> str:
    if one.isprintable():
        return one
    return json.dumps(spelled(one) if holds_bytes(one) else one)[1:-1]
