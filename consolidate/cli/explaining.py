"""What `consolidate explain` does: reads, finds what is meant, tells it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import files, findings, garbage, manifest
from consolidate.cli import meaning
from consolidate.cli.options import near
from consolidate.cli.talk import Talk
from consolidate.errors import UsageProblem
from consolidate.report import console, stories
from consolidate.request import folders
from consolidate.story import Stories
from consolidate.study import study
from consolidate.whereabouts import Output

if TYPE_CHECKING:
    from consolidate.cli.options import Answer
    from consolidate.lookup import Meant
    from consolidate.manifest import Manifest
    from consolidate.request import Request
    from consolidate.study import Study

YES = 0
_CODE = re.compile(r"CON\d+", re.IGNORECASE)


def explain(what: str, request: Request, answer: Answer) -> int:
    """Tells what a code means, or the story of an object.

    Raises:
        UsageProblem: There is no such code or object, or the name may mean several.
        InputProblem: The history or the output can not be used.
    """
    if _CODE.fullmatch(what.strip()):
        return _finding(what.strip().upper(), answer)
    garbage.collect_never()
    found, output = _read(request)
    talk = Talk(answer)
    for line in found.talk():
        talk.say(line)
    meant = meaning.required(what, found.graph)
    shown = _answer(what, meant, found, output, str(folders(request)[1]))
    if answer.as_json:
        console.write(stories.as_json(shown))
    else:
        console.lines_view(stories.lines(shown), console.make(color=answer.colored))
    return YES


def _finding(code: str, answer: Answer) -> int:
    if code not in findings.CODES:
        raise UsageProblem(
            f"There is no finding {code}{near(code, sorted(findings.CODES))}",
            hint="docs/reference/findings.md lists all of them.",
        )
    text = _explained(code)
    if answer.as_json:
        console.write(stories.finding_json(code, text))
    else:
        console.write(f"{text}\n")
    return YES


def _explained(code: str) -> str:
    """What a code means."""
    return findings.explained(code)


def _read(request: Request) -> tuple[Study, Output | None]:
    """The history, and the output if there is one; one of another history only if asked for."""
    told = _output(request)
    if told is None:
        return study(request), None
    aside = [one.path for one in told[0].quarantine]
    found = study(request, aside=aside, major=told[0].major)
    output = Output(*told, found.reading.prelude)
    every = len(found.reading.history.migrations)
    if request.output is None and len(output.stale(found)) == every:
        return study(request), None
    return found, output


def _output(request: Request) -> tuple[Manifest, dict[str, str]] | None:
    """The output that there is, or that was asked for.

    Raises:
        InputProblem: It can not be used.
    """
    _, folder = folders(request)
    if request.output is None and not (folder / manifest.PATH).is_file():
        return None
    tree = files.read_tree(folder)
    text = manifest.found_in(tree, str(folder))
    return manifest.parse(text, str(folder / manifest.PATH)), tree


def _answer(
    what: str, meant: Meant, found: Study, output: Output | None, folder: str
) -> stories.Answer:
    teller = Stories(found.graph, found.statements, found.brought)
    unclear = {f"{one.place.path}:{one.place.line}": one for one in found.graph.opaque()}
    order = {effect.statement: number for number, effect in enumerate(found.graph.effects)}
    told = []
    for node in meant.incarnations:
        story = teller.of(node)
        place = output.of(story, unclear) if output and not story.ended else None
        events = [*story.events, *(place.seen if place else ())]
        life = tuple(
            (event, place.fate(event) if place and "rows" in event.what else None)
            for event in sorted(events, key=lambda event: order[event.statement])
        )
        told.append(stories.Told(story=story, life=life, place=place))
    return stories.Answer(
        typed=what,
        told=tuple(told),
        also=meant.also,
        output=folder if output else "",
        stale=output.stale(found) if output else (),
        in_part=found.in_part,
    )
