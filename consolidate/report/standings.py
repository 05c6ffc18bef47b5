"""Says in plain lines, and for programs, after which file a database stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.phrases import counted
from consolidate.report import machine

if TYPE_CHECKING:
    from consolidate.standing import Standing

FORMAT = "consolidate/standing@1"


def as_text(standing: Standing, name: str) -> str:
    """The answer, and what to look at next."""
    every = len(standing.files)
    if not standing.after:
        facts = counted(standing.facts, "fact")
        near = f"after {standing.nearest} of {counted(every, 'file')}{_last(standing)}"
        return (
            f"Nowhere: {name} is as after no file of the output. It is most like the state {near},"
            f" from which it differs in {facts}.\n"
        )
    told = " or ".join(str(number) for number in standing.after)
    held = "its rows are those, too" if standing.rows else "its rows are others"
    return f"{name} is as after {told} of {counted(every, 'file')}{_last(standing)}; {held}.\n"


def _last(standing: Standing) -> str:
    """The last of the files behind it, and the first that is still to come."""
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
            "rows": standing.rows,
            "nearest": standing.nearest,
            "facts": standing.facts,
        },
    )
