"""What `consolidate graph` does: reads, selects, tells or draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import garbage, network
from consolidate.cli import meaning
from consolidate.cli.graph import Picture
from consolidate.cli.talk import Talk
from consolidate.cycles import cycles
from consolidate.pictures import dot, graphml, mermaid, svg
from consolidate.report import console, networks
from consolidate.study import study

if TYPE_CHECKING:
    from consolidate.cli.graph import Drawn, Selection
    from consolidate.network import Network
    from consolidate.report.networks import Around
    from consolidate.request import Request
    from consolidate.study import Study

YES = 0
_DATA = frozenset({Picture.JSON, Picture.GRAPHML})
"""Formats that leave nothing out."""


def graph(request: Request, selection: Selection, answer: Drawn) -> int:
    """Shows the graph of a history, or what is around one object.

    Raises:
        UsageProblem: There is no such object, or the name may mean several.
        InputProblem: The history can not be used.
    """
    garbage.collect_never()
    found = study(request)
    talk = Talk(answer)
    for line in found.talk():
        talk.say(line)
    if answer.format is Picture.TEXT and selection.object is None:
        _summary(found, answer)
        return YES
    everything = answer.format in _DATA
    shown = network.build(
        found.graph,
        found.statements,
        brought=found.brought,
        parts=selection.parts,
        with_statements=everything or selection.statements,
    )
    asked = _asked(found, selection, shown)
    centres = asked.centres if asked else ()
    if not everything:
        shown = network.at_the_end(shown, beside=centres, statements=selection.statements)
    if asked is not None:
        shown = shown.only(network.distances(shown, centres, asked.distance).keys())
    if answer.format is Picture.JSON:
        knots = cycles(found.graph)
        text = networks.as_json(
            shown, knots, parts=selection.parts, asked=asked, in_part=found.in_part
        )
        console.write(text)
    elif asked is not None and answer.format is Picture.TEXT:
        out = console.make(color=answer.colored)
        console.lines_view(networks.around(shown, asked), out)
    else:
        console.write(_picture(answer.format, shown, centres, talk))
    return YES


def _summary(found: Study, answer: Drawn) -> None:
    statements, brought = found.statements, found.brought
    whole = network.build(found.graph, statements, brought=brought, with_statements=False)
    detailed = network.build(found.graph, statements, brought=brought, parts=True)
    lines = networks.summary(network.at_the_end(whole), detailed, cycles(found.graph))
    console.lines_view(lines, console.make(color=answer.colored))


def _asked(found: Study, selection: Selection, shown: Network) -> Around | None:
    """The object that the answer is about; one that is there at the end, if any is.

    Raises:
        UsageProblem: There is none of that name, or the name may mean several.
    """
    if selection.object is None:
        return None
    meant = meaning.required(selection.object, found.graph)
    nodes = meant.incarnations
    if not selection.parts:
        nodes = tuple(dict.fromkeys(found.graph.home(node) for node in nodes))
    nodes = tuple(node for node in nodes if node.final) or nodes
    ids = {network.node_id(node) for node in nodes}
    return networks.Around(
        typed=selection.object,
        centres=tuple(sorted(ids & shown.by_id.keys())),
        distance=selection.distance,
    )


def _picture(drawing: Picture, shown: Network, centres: tuple[str, ...], talk: Talk) -> str:
    """The graph for another program; what has to be left out is said."""
    if drawing is Picture.GRAPHML:
        return graphml.text(shown)
    if drawing is Picture.DOT:
        return dot.text(shown)
    budget = mermaid.BUDGET if drawing is Picture.MERMAID else svg.BUDGET
    fitted = network.fitted(shown, budget, centres)
    if fitted.told:
        talk.say(fitted.told)
    if drawing is Picture.MERMAID:
        return mermaid.text(fitted.network, told=fitted.told)
    return svg.text(fitted.network, told=fitted.told, centres=centres)
