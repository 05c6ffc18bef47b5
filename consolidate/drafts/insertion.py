"""Puts more into a `mappings.yaml` that is there, and keeps every other byte of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import yamlplaces
from consolidate.drafts.document import entries, flow_list, scalar
from consolidate.errors import InputProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.drafts.groups import Additions, DraftedGroup
    from consolidate.yamlplaces import Document, Value

_KEY = ("groups",)
_INDENT = "  "


def inserted(text: str, more: Additions, name: str) -> str:
    """The text with more objects in its groups, and more groups at the end of its `groups:`.

    Args:
        text: A configuration that can be used.
        more: What to add, at least one object.
        name: The file, for the message.

    Raises:
        InputProblem: It is written in brackets, which leave no place for lines.
    """
    document = yamlplaces.read(text)
    line_end = "\r\n" if "\r\n" in text else "\n"
    found = _joined(text, document, more.joining, line_end)
    if more.groups:
        found = _appended(found, yamlplaces.read(found), more.groups, line_end)
    if not _continues(document, yamlplaces.read(found), more):
        place = document.key(_KEY)
        raise InputProblem(
            f"No group can be added to {name}, since it is written in brackets.",
            problems=(f"{name}:{place.line}:{place.column}: {_KEY[0]}",),
            hint="Put each key and each group on lines of its own. `consolidate init --print`"
            " shows what would be added.",
        )
    return found


def _appended(text: str, document: Document, groups: Sequence[DraftedGroup], line_end: str) -> str:
    """The text with more groups at the end."""
    before, indent, after = _parted(text, document)
    lines = "".join(f"\n{one}" for one in entries(groups, indent=indent))
    if _KEY not in document.keys:
        lines = f"\n{_KEY[0]}:{lines}"
    if not before.endswith("\n"):
        lines = f"\n{lines}"
    return before + lines.replace("\n", line_end) + after


def _joined(
    text: str, document: Document, joining: Mapping[str, Sequence[str]], line_end: str
) -> str:
    """The text with more objects in its groups."""
    names = {_name_of(group): number for number, group in enumerate(_groups(document))}
    edits = [_edit(text, document, names[name], joining[name]) for name in joining]
    for at, new in sorted(edits, reverse=True):
        lacks = new.endswith("\n") and not text[:at].endswith("\n")
        text = text[:at] + ("\n" * lacks + new).replace("\n", line_end) + text[at:]
    return text


def _edit(text: str, document: Document, number: int, objects: Sequence[str]) -> tuple[int, str]:
    """What to insert into one group, and where."""
    group = (*_KEY, number)
    there = (*group, "objects")
    items = [path for path in document.values if path[:-1] == there]
    listed = document.spans.get(there)
    if listed is None:
        column = document.values[group].column - 1
        span = document.spans[group]
        if span.flow:
            return span.end - 1, f", objects: {flow_list(objects)}"
        return _next_line(text, len(text[: span.end].rstrip()) - 1), _block(
            "objects:", column, objects
        )
    if listed.flow:
        within = flow_list(objects)[1:-1]
        return (document.spans[items[-1]].end, f", {within}") if items else (listed.end - 1, within)
    column = document.values[there].column - 1
    end = document.spans[items[-1]].end
    return _next_line(text, len(text[:end].rstrip()) - 1), _dashes(column, objects)


def _block(key: str, column: int, objects: Sequence[str]) -> str:
    return f"{' ' * column}{key}\n{_dashes(column + 2, objects)}"


def _dashes(column: int, objects: Sequence[str]) -> str:
    return "".join(f"{' ' * column}- {scalar(one)}\n" for one in objects)


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


def _continues(old: Document, new: Document, more: Additions) -> bool:
    """Whether the new text says what the old one does, and what is to be added."""
    if new.flaws or not isinstance(old.value, dict) or not isinstance(new.value, dict):
        return False
    before = [_grown(group, more) for group in _groups(old)]
    after = _groups(new)
    return (
        {**old.value, _KEY[0]: None} == {**new.value, _KEY[0]: None}
        and after[: len(before)] == before
        and len(after) == len(before) + len(more.groups)
    )


def _grown(group: Value, more: Additions) -> Value:
    """A group with what joins it."""
    if not isinstance(group, dict) or _name_of(group) not in more.joining:
        return group
    there = group.get("objects")
    own = there if isinstance(there, list) else []
    return {**group, "objects": [*own, *more.joining[_name_of(group)]]}


def _groups(document: Document) -> list[Value]:
    root = document.value if isinstance(document.value, dict) else {}
    found = root.get(_KEY[0])
    return found if isinstance(found, list) else []


def _name_of(group: Value) -> str:
    return str(group.get("name")) if isinstance(group, dict) else ""
