"""The text of a new `mappings.yaml`, with what a team may want next as comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.phrases import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consolidate.drafts.groups import DraftedGroup
    from consolidate.runner import Runner

_PLAIN = re.compile(r"(?![-?:,\[\]{}#&*!|>'\"%@` ])(?!.*(?:: | #|:$| $)).+")
"""What YAML takes as it is, outside of `[]` and `{}`."""
_OTHERWISE = re.compile(
    r"(?i)(?:~|null|true|false|yes|no|on|off|y|n|[-+.]?[0-9][-+.:_0-9a-z]*|\.inf|\.nan|=|<<)"
)
"""What YAML would take for something else than a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """All that stands before the groups."""

    schema: str
    """Where the JSON Schema is, as seen from the file."""
    legacy: str
    runner: Runner
    recognised: str
    """What tells the runner; empty where it was said."""
    named: str
    """How the files are named, in a line."""
    order: str | None
    through: str | None
    """The last migration that is consolidated, if not all are."""
    output: str
    platform: str
    why: str
    """What tells the platform; empty where nothing does."""
    servers: tuple[str, ...]
    """Those that were asked for."""
    chosen: tuple[str, ...]
    """Those that were chosen where none was."""
    phases: tuple[str, ...]
    quarantine: tuple[str, ...]


def document(head: Head, groups: Sequence[DraftedGroup]) -> str:
    """The whole file."""
    parts = [_top(head), _legacy(head), _rest(head)]
    listed = list(entries(groups, indent="  "))
    parts.append("groups:\n" + "\n".join(listed) if listed else _NO_GROUP)
    return "\n".join([*parts, _NEXT])


def entries(groups: Iterable[DraftedGroup], *, indent: str) -> Iterator[str]:
    """The text of each group, as an item of a block list whose dashes stand behind the indent."""
    for group in groups:
        lines = [
            f"# {one_line(group.reason)}",
            f"- name: {group.name}",
            f"  phase: {group.phase}",
            f'  version: "{group.version}"',
            "  objects:",
            *(f"    - {scalar(one)}" for one in group.objects),
        ]
        yield "".join(f"{indent}{line}\n" for line in lines)


def joined_entries(more: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """What joins groups that are there, as their text would have it."""
    for name, objects in more.items():
        listed = "".join(f"      - {scalar(one)}\n" for one in objects)
        yield f"  # joins what is there\n  - name: {name}\n    objects:\n{listed}"


def scalar(text: str) -> str:
    """A text as YAML spells it, bare where that is the same."""
    if not text.isprintable():
        return _escaped(text)
    if _PLAIN.fullmatch(text) and not _OTHERWISE.fullmatch(text):
        return text
    return "'" + text.replace("'", "''") + "'"


def _top(head: Head) -> str:
    return (
        f"# yaml-language-server: $schema={head.schema}\n"
        "# How this history is grouped: begun by `consolidate init`, and yours to change.\n"
        "# `consolidate plan` shows what comes of it, and what no group claims. Another\n"
        "# `consolidate init` adds that, and leaves all else as it is.\n"
        "# What belongs to an object that is listed here (indexes, constraints, triggers,\n"
        "# policies, rows, rights) follows it.\n"
    )


def _legacy(head: Head) -> str:
    lines = ["legacy:", f"  path: {scalar(head.legacy)}"]
    if head.recognised:
        lines.append(f"  # Recognised: {one_line(head.recognised)}.")
    lines.append(f"  runner: {head.runner}")
    lines.append(f"  # {one_line(head.named)}")
    if head.order:
        lines.append(f"  order: {scalar(head.order)}")
    if head.through:
        lines.append(f"  through: {scalar(head.through)}")
    return "\n".join(lines) + "\n"


def _rest(head: Head) -> str:
    lines = [f"output: {scalar(head.output)}"]
    if head.why:
        lines.append(f"# Recognised: {one_line(head.why)}.")
    lines.append(f"platform: {scalar(head.platform)}")
    if head.servers:
        lines.append(f"servers: {flow_list(head.servers)}")
    else:
        lines += ["# Where to prove it; by default one server is chosen, such as here:"]
        lines.append(f"# servers: {flow_list(head.chosen)}")
    if head.quarantine:
        lines.append(f"quarantine: {flow_list(head.quarantine)}")
    lines.append("# The folders of the output, in apply order.")
    lines.append(f"phases: {flow_list(head.phases)}")
    return "\n".join(lines) + "\n"


def flow_list(texts: Iterable[str]) -> str:
    """Texts as a list within brackets."""
    return f"[{', '.join(map(_escaped, texts))}]"


def _escaped(text: str) -> str:
    """A text in double quotes, where everything can be spelled."""
    spelled = (c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{"".join(spelled)}"'


_NO_GROUP = """\
# The whole history stands as it was, so there is nothing to group.
groups: []
"""

_NEXT = """\
# What a team may want next; the schema that the first line names has all keys.
#
# A title is the first line of a group's file, `files` are legacy files whose objects belong there,
# and patterns claim what is to come: an exact name wins over a pattern, a pattern over a kind.
#
#   - name: rls_policies
#     phase: 02_infrastructure
#     title: Row level security policies
#     files: ["2025*_rls_functions.sql"]
#     objects: ["policy *", "table audit.*"]
#
# Rows that are kept out of the migrations, in files of their own:
#
# seeds:
#   - {file: 01_reference_data, tables: [public.countries], tag: reference, on_conflict: nothing}
#
# How rollbacks drop:
#
# rollback: {cascade: false, if_exists: true}
#
# Legacy files that are set aside; `auto` is whatever does not apply:
#
# quarantine: ["*_broken.sql"]
"""
