"""Says in plain lines, and for programs, after which file a database stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.phrases import counted, listed
from consolidate.report import machine
from consolidate.standing import Held

if TYPE_CHECKING:
    from consolidate.standing import Standing

FORMAT = "consolidate/standing@1"


def as_text(standing: Standing, name: str) -> str:
    """The answer, and what to look at next."""
    every = len(standing.files)
    if not standing.after:
        near = f"after {standing.nearest} of {counted(every, 'file')}{_last(standing)}"
        told = listed([f"{name_} · {what}" for name_, what in standing.differs], _SHOWN)
        return (
            f"Nowhere: {name} is not as after any of the files of the output. It is most like the"
            f" state {near}, from which it differs in {told}.\n"
        )
    told = " or ".join(str(number) for number in standing.after)
    held = _HELD[standing.held]
    return f"{name} is as after {told} of {counted(every, 'file')}{_last(standing)}; {held}.\n"


_SHOWN = 5
"""Differences that are named."""

_HELD = {
    Held.SAME: "its rows are those, too",
    Held.MORE: "the rows that the files have written are there, and others",
    Held.OTHER: "rows that the files have written are gone or changed",
    Held.UNREAD: "its rows could not be read by this role",
}


def _last(standing: Standing) -> str:
    """The last of the files behind it, and the first that is still to come, where that is known."""
    if len(standing.after) > 1:
        return ""
    number = standing.after[-1] if standing.after else standing.nearest
    last = [f"{standing.files[number - 1]} is the last"] if number else []
    following = [f"{standing.files[number]} the next"] if number < len(standing.files) else []
    return f" ({', '.join((*last, *following))})" if last or following else ""


def as_json(standing: Standing, name: str) -> str:
    """`consolidate/standing@1`: numbers of files, and the files themselves in apply order."""
    return machine.document(
        FORMAT,
        {
            "database": name,
            "files": list(standing.files),
            "after": list(standing.after),
            "rows": standing.held.value,
            "nearest": standing.nearest,
            "differs": [
                {"object": str(name), "attribute": what} for name, what in standing.differs
            ],
        },
    )
