"""Puts more groups into a `mappings.yaml` that is there, and keeps every other byte of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import yamlplaces
from consolidate.drafts.document import entries
from consolidate.errors import InputProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.drafts.groups import DraftedGroup
    from consolidate.yamlplaces import Document

_KEY = ("groups",)
_INDENT = "  "


def inserted(text: str, groups: Sequence[DraftedGroup], name: str) -> str:
    """The text with groups at the end of its `groups:`.

    Args:
        text: A configuration that can be used.
        groups: What to add, at least one.
        name: The file, for the message.

    Raises:
        InputProblem: It is written in brackets, which leave no place for lines.
    """
    document = yamlplaces.read(text)
    line_end = "\r\n" if "\r\n" in text else "\n"
    before, indent, after = _parted(text, document)
    lines = "".join(f"\n{one}" for one in entries(groups, indent=indent))
    if _KEY not in document.keys:
        lines = f"\n{_KEY[0]}:{lines}"
    if not before.endswith("\n"):
        lines = f"\n{lines}"
    found = before + lines.replace("\n", line_end) + after
    if not _continues(document, yamlplaces.read(found), len(groups)):
        place = document.key(_KEY)
        raise InputProblem(
            f"No group can be added to {name}, since it is written in brackets.",
            problems=(f"{name}:{place.line}:{place.column}: {_KEY[0]}",),
            hint="Put each key and each group on lines of its own. `consolidate init --print`"
            " shows what would be added.",
        )
    return found


def _parted(text: str, document: Document) -> tuple[str, str, str]:
    """What comes before and after the new lines, and how far these are indented."""
    if _KEY not in document.keys:
        return text, _INDENT, ""
    start, end, _ = document.spans[_KEY]
    if (*_KEY, 0) in document.values:
        column = document.values[_KEY].column
        at = _behind_comments(text, _next_line(text, len(text[:end].rstrip()) - 1), column)
        return text[:at], " " * (column - 1), text[at:]
    key = document.keys[_KEY]
    at = sum(len(line) for line in text.splitlines(keepends=True)[: key.line - 1])
    own, rest = text[:start], text[end:]
    if "\n" in text[at:start]:  # nothing stands behind the key, and something else comes next
        at = _next_line(text, at)
        return text[:at], _INDENT, text[at:]
    kept = _next_line(rest, 0)
    return own.rstrip(" ") + rest[:kept], _INDENT, rest[kept:]


def _next_line(text: str, at: int) -> int:
    """Where the line after the one at an offset begins, or the text ends."""
    return text.find("\n", at) + 1 or len(text)


def _behind_comments(text: str, at: int, column: int) -> int:
    """Behind the comments that are indented as part of the last group."""
    while (line := text[at : _next_line(text, at)]).lstrip(" ").startswith("#"):
        if len(line) - len(line.lstrip(" ")) < column:
            break
        at += len(line)
    return at


def _continues(old: Document, new: Document, number: int) -> bool:
    """Whether the new text says what the old one does, and has as many groups more."""
    if new.flaws or not isinstance(old.value, dict) or not isinstance(new.value, dict):
        return False
    before, after = old.value.get(_KEY[0]) or [], new.value.get(_KEY[0])
    if not isinstance(before, list) or not isinstance(after, list):
        return False
    rest = {**new.value, _KEY[0]: before}
    return (
        {**old.value, _KEY[0]: before} == rest
        and after[: len(before)] == before
        and len(after) == len(before) + number
    )
