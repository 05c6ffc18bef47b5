"""Tells the life stories of objects, in lines for people and as versioned JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consolidate.layout import TAIL
from consolidate.names import as_typed
from consolidate.phrases import counted, listed
from consolidate.report import machine
from consolidate.retelling import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.fates import DataStatements
    from consolidate.model import ObjectId, SourceSpan
    from consolidate.report.console import Shown
    from consolidate.story import Event, Story, Tie
    from consolidate.whereabouts import Whereabouts

FORMAT = "consolidate/explain@1"

MOST = 40
"""Lines of one section that are shown; the JSON has them all."""
_FIRST = 15
"""How many of these are the first ones of a long life; the others are the last."""
_ASIDE = {("used",), ("seen",)}
"""What events are that are not certain to have touched the object."""
_GONE = 5
"""Names that are shown of what is gone by the end."""
_BEHIND = "composite type"
"""The kind of the relation behind a type, which bears its name."""
_FEW = 3
"""Places and parts that are shown for one dependency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One story, and what the output has of it."""

    story: Story
    life: tuple[tuple[Event, DataStatements | None], ...]
    """Every event, also those that only a server saw; with what became of it, if it is about rows.
    """
    place: Whereabouts | None
    """None where the object is gone, or there is no output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """All that is told of one name."""

    typed: str
    told: tuple[Told, ...]
    also: tuple[ObjectId, ...]
    """What the name could mean besides."""
    output: str
    """The folder of the output; empty if there is none."""
    stale: tuple[str, ...]
    """Legacy files that are others than those that the output was made from."""
    in_part: tuple[str, ...]
    """Legacy files of which something can not be read."""


# -- for people -------------------------------------------------------------------------------


def lines(answer: Answer) -> Iterator[Shown]:
    """The stories, one after the other, oldest first."""
    for number, told in enumerate(answer.told):
        if number:
            yield ()
        if len(answer.told) > 1:
            yield ((f"{number + 1} of {len(answer.told)} objects of that name", "dim"),)
        yield from _story(told, answer)
    if answer.also:
        yield ()
        also = [as_typed(str(one)) for one in answer.also]
        yield (f"The name could also mean {listed(also, MOST)}.",)


def _story(told: Told, answer: Answer) -> Iterator[Shown]:
    story = told.story
    yield ((as_typed(str(story.object)), "bold"),)
    yield (f"  {_in_short(story)}",)
    if told.life:
        yield ()
        yield (("Life", "bold"),)
        yield from _life(told)
    for heading, ties in (
        ("Needs", story.needs),
        ("Needed by", story.needed_by),
        ("Mentions, to be looked up when its text runs", story.mentions),
        ("Mentioned by", story.mentioned_by),
    ):
        if ties:
            yield ()
            yield ((heading, "bold"),)
            yield from _ties(ties, story)
    if answer.output and (told.place is None or not story.external or told.place.events):
        yield ()
        yield ((f"In {answer.output}", "bold"),)
        yield from _output(told, answer)


def _in_short(story: Story) -> str:
    touched = sum(event.what != ("used",) for event in story.events)
    many = f"{counted(touched, 'statement')} touched it" if touched else "no statement changes it"
    if story.external:
        brought = f"{story.brought} brings it" if story.brought else "the history never creates it"
        return f"{brought}; {many}"
    made, name = story.names[0], as_typed(story.names[0].identity)
    first = f"made as {name}; " if made != story.object and story.number == 1 else ""
    nth = f"the {_ordinal(story.number)} made as {name}; " if story.number > 1 else ""
    of = f"part of {as_typed(str(story.whole))}; " if story.whole else ""
    last = [_place(event.place) for event in story.events if "dropped" in event.what]
    end = f"dropped in {last[-1]}" if story.ended and last else "there at the end"
    return f"{first}{nth}{of}{many}; {end}"


def _ordinal(number: int) -> str:
    teens = 10 < number % 100 < 14  # noqa: PLR2004 - eleventh, twelfth, thirteenth
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _life(told: Told) -> Iterator[Shown]:
    shown = list(told.life)
    left = len(shown) - MOST
    if left > 0:
        shown = [*shown[:_FIRST], *shown[_FIRST - MOST :]]
    width = max(len(_place(event.place)) for event, _ in shown)
    for number, (event, fate) in enumerate(shown):
        if left > 0 and number == _FIRST:
            more = f"  … {counted(left, 'more statement')} in between; --format json has them all"
            yield ((more, "dim"),)
        yield _event(event, fate, width)


def _event(event: Event, fate: DataStatements | None, width: int) -> Shown:
    into = [path.rpartition("/")[2] for path in fate.into] if fate else []
    became = f" → {fate.fate}{f' in {listed(into, _FEW)}' if into else ''}" if fate else ""
    style = "dim" if event.what in _ASIDE else ""
    return (
        (f"  {_place(event.place):<{width}}  ", "cyan"),
        (as_typed(event.told), style),
        (became, "dim"),
    )


def _place(span: SourceSpan) -> str:
    return f"{span.path}:{span.line}"


def _tie(tie: Tie, story: Story) -> tuple[str, str, str, str]:
    """Object, reason, places, and which parts it is about."""
    whole = {tie.object, story.object}
    by, on = (
        list(dict.fromkeys(short(n) for n in ns if n not in whole and n.kind != _BEHIND))
        for ns in (tie.by, tie.on)
    )
    about = [f"by {listed(by, _FEW)}"] if by else []
    about += [f"on {listed(on, _FEW)}"] if on else []
    places = listed([_place(one) for one in tie.places], _FEW)
    return as_typed(str(tie.object)), tie.reason, places, as_typed("; ".join(about))


def _ties(ties: Sequence[Tie], story: Story) -> Iterator[Shown]:
    """All of them; of an object that is there at the end, those that do not last only by name."""
    here = [tie for tie in ties if story.ended or not tie.gone]
    yield from _budgeted([_tie(tie, story) for tie in here])
    lasting = {tie.object for tie in here}
    gone = list(dict.fromkeys(as_typed(str(t.object)) for t in ties if t.object not in lasting))
    if gone:
        yield ((f"  no longer at the end: {listed(gone, _GONE)}", "dim"),)


def _budgeted(rows: Sequence[tuple[str, str, str, str]]) -> Iterator[Shown]:
    shown = rows[:MOST]
    widths = [max((len(row[column]) for row in shown), default=0) for column in range(3)]
    for row in shown:
        cells = [f"{cell:<{width}}" for cell, width in zip(row[:3], widths, strict=True)]
        yield (f"  {cells[0]}  {cells[1]}  ", (cells[2], "cyan"), (f"  {row[3]}", "dim"))
    if len(rows) > MOST:
        more = f"  … and {len(rows) - MOST:,} more; --format json has them all"
        yield ((more, "dim"),)


def _output(told: Told, answer: Answer) -> Iterator[Shown]:
    if answer.stale:
        yield (
            (f"  made from another history: {listed(answer.stale, _FEW)} changed since", "yellow"),
        )
    found = told.place
    if found is None:
        yield ("  nothing: it is dropped in the end",)
        return
    if not (found.landings or found.events or found.tail):
        yield ("  nothing of this name",)
    if found.whole is not None:
        yield (f"  written as a part of {as_typed(str(found.whole))}",)
    for landing in found.landings:
        line = f":{landing.line}" if landing.line else ""
        yield ((f"  {landing.path}{line}", "cyan"), f"  {landing.rung}: {landing.wording}")
        if landing.reason:
            yield ((f"    {as_typed(landing.reason)}", "dim"),)
        yield ((f"    taken back by {landing.rollback}", "dim"),)
    made = {(one.path, one.line) for one in found.landings}
    rest = [e for e in found.events if (e.place.path, e.place.line) not in made]
    for event in rest[:MOST]:
        style = "dim" if event.what in _ASIDE else ""
        yield ((f"  {_place(event.place)}", "cyan"), (f"  {as_typed(event.told)}", style))
    if len(rest) > MOST:
        yield ((f"  … and {len(rest) - MOST:,} more; --format json has them all", "dim"),)
    for path in dict.fromkeys(event.place.path for event in found.tail):
        yield ((f"  {TAIL}{path}", "cyan"), "  stays as it is")


# -- for programs -----------------------------------------------------------------------------


def as_json(answer: Answer) -> str:
    """`consolidate/explain@1`: `stories`, oldest first; `output` is null where it is gone."""
    return machine.document(
        FORMAT,
        {
            "typed": answer.typed,
            "also": [str(one) for one in answer.also],
            "folder": answer.output or None,
            "stale": list(answer.stale),
            "read_in_part": list(answer.in_part),
            "stories": [_record(told) for told in answer.told],
        },
    )


def finding_json(code: str, text: str) -> str:
    """`consolidate/explain@1` of a finding's code: `finding` in the place of `stories`."""
    return machine.document(FORMAT, {"finding": {"code": code, "text": text}})


def _record(told: Told) -> dict[str, Any]:
    story = told.story
    return {
        "object": _name(story.object),
        "names": [one.identity for one in story.names],
        "number": story.number,
        "ended": story.ended,
        "external": story.external,
        "brought_by": story.brought or None,
        "whole": _name(story.whole) if story.whole else None,
        "family": [_name(one) for one in story.family],
        "life": [
            {**_event_record(event), "fate": fate.fate if fate else None}
            for event, fate in told.life
        ],
        "needs": [_tie_record(tie) for tie in story.needs],
        "needed_by": [_tie_record(tie) for tie in story.needed_by],
        "mentions": [_tie_record(tie) for tie in story.mentions],
        "mentioned_by": [_tie_record(tie) for tie in story.mentioned_by],
        "output": _output_record(told.place) if told.place else None,
    }


def _output_record(found: Whereabouts) -> dict[str, Any]:
    return {
        "whole": _name(found.whole) if found.whole else None,
        "made": [
            {
                "path": one.path,
                "line": one.line,
                "rung": one.rung,
                "wording": one.wording,
                "reason": one.reason,
                "sources": list(one.sources),
                "rollback": one.rollback,
            }
            for one in found.landings
        ],
        "statements": [_event_record(event) for event in found.events],
        "tail": list(dict.fromkeys(event.place.path for event in found.tail)),
        "rows": [
            {
                "lines": one.lines,
                "fate": one.fate,
                "into": list(one.into),
                "reason": one.reason,
            }
            for one in found.rows
        ],
    }


def _name(one: ObjectId) -> dict[str, str]:
    return {"kind": one.kind, "identity": one.identity}


def _event_record(event: Event) -> dict[str, Any]:
    return {
        "statement": event.statement,
        **_span(event.place),
        "what": list(event.what),
        "told": event.told,
    }


def _span(place: SourceSpan) -> dict[str, Any]:
    return {"path": place.path, "line": place.line, "column": place.column}


def _tie_record(tie: Tie) -> dict[str, Any]:
    return {
        **_name(tie.object),
        "reason": tie.reason,
        "gone": tie.gone,
        "by": [_name(one) for one in tie.by],
        "on": [_name(one) for one in tie.on],
        "evidence": [_span(one) for one in tie.places],
    }
