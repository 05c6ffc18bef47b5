"""Begins a new migration: where it goes, what it is called, and what its two files say."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from consolidate import additions, layout, manifest, templates
from consolidate.errors import InputProblem, UsageProblem
from consolidate.groups.versions import later

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_VERSION = "%Y%m%d_%H%M%S"
_SHAPE = re.compile(r"\d{8}_\d{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for."""

    name: str
    """In any words."""
    now: str
    """The version that the clock gives, `YYYYMMDD_HHMMSS`."""
    at: str | None = None
    """The version that was asked for."""
    phase: str | None = None
    author: str = ""


def begin(
    wish: Wish,
    tree: Collection[str],
    told: manifest.Manifest,
    phases: Sequence[str],
    texts: Mapping[templates.Kind, tuple[str, str]],
) -> Mapping[str, str]:
    """The two files of a new migration, by their paths in the output.

    Its version is the clock's, or the next free one where the clock is behind.

    Args:
        wish: What was asked for.
        tree: The paths of the output, as it is.
        told: Its manifest.
        phases: The folders that there may be, in apply order.
        texts: The name and the text of each template.

    Raises:
        UsageProblem: The name, the version or the phase can not be.
        InputProblem: It would not apply after all that is there, or a file is in its way; or a
            template can not be filled in.
    """
    if told.through:
        raise InputProblem(
            f"The output has a tail: the legacy migrations behind {told.through} are applied after"
            " whatever is added to it.",
            hint="Put the new migration into the legacy folder, behind the others, or let"
            " `consolidate run` take up the whole history.",
        )
    name = _name(wish.name)
    phase = wish.phase or phases[-1]
    if phase not in phases:
        raise UsageProblem(f"there is no phase {phase}", hint=f"known are {', '.join(phases)}")
    last = _last(tree, told)
    version = _version(wish, last)
    path = f"migrations/{phase}/{version}_{name}.sql"
    if path.encode() <= last.encode():
        raise InputProblem(
            f"{path} would apply before {last}, which databases may have already",
            hint=f"Leave --phase out, or name {PurePosixPath(last).parent.name} or a later one.",
        )
    blank = templates.Blank(
        path=path,
        rollback=layout.rollback_of(path),
        phase=phase,
        version=version,
        name=name,
        title=name.replace("_", " ").capitalize(),
        date=f"{version[:4]}-{version[4:6]}-{version[6:8]}",
        author=wish.author,
        after=last or "nothing",
    )
    made = {}
    for kind, place in (
        (templates.Kind.MIGRATION, path),
        (templates.Kind.ROLLBACK, blank.rollback),
    ):
        file, text = texts[kind]
        made[place] = templates.fill(text, blank, name=file)
    if taken := sorted(set(made) & set(tree)):
        raise InputProblem(f"{taken[0]} is there already", hint="Choose another name.")
    return made


def _last(tree: Collection[str], told: manifest.Manifest) -> str:
    """The migration that applies last, a team's own included; empty if there is none."""
    ours = {output.path for output in told.outputs} | additions.of_the_team(tree, told)
    found = [path for path in layout.in_order(ours) if path.startswith("migrations/")]
    return found[-1] if found else ""


def _version(wish: Wish, last: str) -> str:
    before = _SHAPE.match(PurePosixPath(last).name)
    newest = before[0] if before else ""
    if wish.at is None:
        return wish.now if wish.now > newest else later(newest, 1)
    try:
        datetime.strptime(wish.at, _VERSION)  # noqa: DTZ007 - a version is no moment
    except ValueError:
        good = None
    else:
        good = _SHAPE.fullmatch(wish.at)
    if not good:
        raise UsageProblem(
            f"{wish.at} is no version", hint="It is a date and a time: 20250105_143000."
        )
    if wish.at <= newest:
        raise InputProblem(
            f"{wish.at} is not later than {newest}, the version of {last}",
            hint="Leave --at out: the next free version is taken.",
        )
    return wish.at


def _name(text: str) -> str:
    """The words of a file name: lower case, digits and underscores.

    Raises:
        UsageProblem: Nothing is left of it.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = "_".join(re.findall(r"[a-z0-9]+", plain.removesuffix(".sql")))
    if not re.search("[a-z]", name):
        raise UsageProblem(
            f"{text!r} gives no name for a file",
            hint="A name says in a few words what the migration does: add_rooms_table.",
        )
    return name
