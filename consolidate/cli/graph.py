"""`consolidate graph`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import typer

from consolidate.cli.declaring import CONSOLIDATE, command
from consolidate.cli.options import History, Project, Talking, format_option


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What of the graph is shown."""

    object: Annotated[
        str | None,
        typer.Option(
            "--object", metavar="NAME", help="Show what is around this object, not everything."
        ),
    ] = None
    distance: Annotated[
        int,
        typer.Option("--distance", metavar="N", min=1, help="How many steps around the object."),
    ] = 1
    parts: Annotated[
        bool,
        typer.Option(
            "--parts",
            help="Show columns, constraints, indexes and the like by themselves; without it their"
            " dependencies are told of their tables.",
        ),
    ] = False
    statements: Annotated[
        bool,
        typer.Option(
            "--statements",
            help="Show statements in pictures, too; JSON and GraphML always have them.",
        ),
    ] = False


class Picture(StrEnum):
    """How the graph is shown."""

    TEXT = "text"
    JSON = "json"
    GRAPHML = "graphml"
    DOT = "dot"
    MERMAID = "mermaid"
    SVG = "svg"


@dataclass(frozen=True, kw_only=True)
class Drawn(Talking):
    """How the command answers on stdout."""

    format: Annotated[Picture, format_option(Picture)] = Picture.TEXT


@command(
    panel=CONSOLIDATE,
    examples=[
        "consolidate graph",
        "consolidate graph --object public.keys",
        "consolidate graph --object public.keys --distance 2 --format svg > keys.svg",
        "consolidate graph path/to/migrations --format graphml > history.graphml",
    ],
)
def graph(
    *,
    history: History,
    selection: Selection,
    project: Project,
    answer: Drawn,
) -> int:
    """Show which object depends on which, why, and in which line; no server is needed.

    By default in numbers, with the cycles; or as data or a picture.
    """
    from consolidate.cli import graphing, requests

    return graphing.graph(requests.request(history, project), selection, answer)
