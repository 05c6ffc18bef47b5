"""The options that several commands share, each stated once; a command takes a group of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

import typer

from consolidate.depth import Depth
from consolidate.runner import Runner
from consolidate.waivers import WAIVERS

if TYPE_CHECKING:
    from collections.abc import Callable

HISTORY, SERVERS, PROJECT, ANSWER = "History", "Servers", "Project", "Answer"
"""The headings that help shows them under."""

_Choice = TypeVar("_Choice", bound=StrEnum)


class Format(StrEnum):
    """How a command answers on standard output."""

    TEXT = "text"
    JSON = "json"


class Page(StrEnum):
    """How a command answers that also writes a page."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class Color(StrEnum):
    """Whether to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def one_of(choices: type[_Choice]) -> Callable[[str], _Choice]:
    """What reads one of these, and suggests the nearest where it is none."""

    def parse(text: str) -> _Choice:
        try:
            return choices(text)
        except ValueError:
            known = ", ".join(f"'{one}'" for one in choices)
            message = f"{text!r} is not one of {known}{near(text, choices)}"
            raise typer.BadParameter(message) from None

    return parse


def format_option(choices: type[StrEnum]) -> Any:  # noqa: ANN401 - typer gives its options no type
    """The option `--format` of a command that answers in one of these ways."""
    return typer.Option(
        "--format",
        metavar="|".join(choices),
        parser=one_of(choices),
        envvar="CONSOLIDATE_FORMAT",
        help="How to answer on stdout.",
        rich_help_panel=ANSWER,
    )


def near(typed: str, known: type[StrEnum] | list[str]) -> str:
    """The suggestion of what was meant, to be put behind a message; empty if nothing is near."""
    import difflib

    found = difflib.get_close_matches(typed, [str(one) for one in known], 1)
    return f"; did you mean {found[0]}?" if found else ""


def _enter(directory: Path | None) -> Path | None:
    """Works in another folder, before any other path is looked at."""
    if directory is not None:
        try:
            os.chdir(directory)
        except OSError as error:
            raise typer.BadParameter(f"{directory}: {error.strerror}") from error
    return directory


Prelude: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--prelude",
        metavar="FILE",
        envvar="CONSOLIDATE_PRELUDE",
        help="SQL that the empty database already holds, besides the platform's.",
        rich_help_panel=HISTORY,
    ),
]

Platform: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--platform",
        metavar="NAME",
        envvar="CONSOLIDATE_PLATFORM",
        help="What the database starts with: plain, supabase. Recognised by default.",
        rich_help_panel=HISTORY,
    ),
]


@dataclass(frozen=True, kw_only=True)
class History:
    """What is consolidated, and how it is read."""

    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            help="The legacy migrations; by default those that the configuration names.",
        ),
    ] = None
    order: Annotated[
        Path | None,
        typer.Option(
            "--order",
            metavar="FILE",
            envvar="CONSOLIDATE_ORDER",
            help="Lists the migrations in apply order; by default the runner's order.",
            rich_help_panel=HISTORY,
        ),
    ] = None
    runner: Annotated[
        Runner | None,
        typer.Option(
            "--runner",
            metavar="NAME",
            parser=one_of(Runner),
            envvar="CONSOLIDATE_RUNNER",
            help=f"Whose conventions the folder follows: {', '.join(Runner)}."
            " Recognised by default.",
            rich_help_panel=HISTORY,
        ),
    ] = None
    prelude: Prelude = None
    platform: Platform = None
    quarantine: Annotated[
        list[str] | None,
        typer.Option(
            "--quarantine",
            metavar="PATTERN",
            help="Legacy files to set aside; auto is whatever does not apply. May be repeated.",
            rich_help_panel=HISTORY,
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Servers:
    """Where the history is replayed and the result is proven."""

    server: Annotated[
        list[str] | None,
        typer.Option(
            "--server",
            metavar="URL",
            envvar="CONSOLIDATE_SERVER",
            help="docker://IMAGE, local://MAJOR, embedded://18, embedded://16, postgresql://… or"
            " auto, the default. May be repeated (in the environment: with blanks between):"
            " rendered on the newest, proven on every one.",
            rich_help_panel=SERVERS,
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class ClusterChanges:
    """What may be done to a server that is not ours."""

    allow_cluster_changes: Annotated[
        bool,
        typer.Option(
            "--allow-cluster-changes",
            help="Let the history make roles on a postgresql:// server; they are dropped again.",
            rich_help_panel=SERVERS,
        ),
    ] = False


@dataclass(frozen=True, kw_only=True)
class Directory:
    """Where to work."""

    directory: Annotated[
        Path | None,
        typer.Option(
            "--directory",
            "-C",
            metavar="DIR",
            callback=_enter,
            is_eager=True,
            help="Work there, as if the command were run in that folder.",
            rich_help_panel=PROJECT,
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Project(Directory):
    """Where the project is, and which configuration holds."""

    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            metavar="FILE",
            envvar="CONSOLIDATE_CONFIG",
            help="By default mappings.yaml, here or in a folder above up to the root of the"
            " repository.",
            rich_help_panel=PROJECT,
        ),
    ] = None
    no_config: Annotated[
        bool,
        typer.Option("--no-config", help="Read no configuration.", rich_help_panel=PROJECT),
    ] = False


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where the consolidated history is."""

    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            envvar="CONSOLIDATE_OUTPUT",
            help="The consolidated history; by default what the configuration names, else output.",
            rich_help_panel=PROJECT,
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Reports:
    """Where the verdict goes besides the terminal."""

    junit: Annotated[
        Path | None,
        typer.Option(
            "--junit",
            metavar="FILE",
            envvar="CONSOLIDATE_JUNIT",
            help="Write the verdict to this file, too, as JUnit XML.",
            rich_help_panel=ANSWER,
        ),
    ] = None


def _drill(otherwise: str) -> Any:  # noqa: ANN401 - typer gives its options no type
    return typer.Option(
        "--drill",
        metavar="|".join(Depth),
        parser=one_of(Depth),
        help=f"How far rollbacks are drilled: full also from every prefix of the files, and with"
        f" rows in every table. By default {otherwise}.",
        rich_help_panel=ANSWER,
    )


@dataclass(frozen=True, kw_only=True)
class Database:
    """A database to be placed, in the place of a proof."""

    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="URL",
            help="Say after which file of the output this database stands, such as after a crash;"
            " it is only read, and nothing is proven.",
            rich_help_panel=ANSWER,
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Drill:
    """How far a proof drills the rollbacks."""

    drill: Annotated[Depth, _drill(Depth.QUICK)] = Depth.QUICK


@dataclass(frozen=True, kw_only=True)
class OwnDrill:
    """How far they are drilled where nothing else is asked for."""

    drill: Annotated[Depth, _drill(Depth.FULL)] = Depth.FULL


@dataclass(frozen=True, kw_only=True)
class WayBack:
    """Whether the authors' own way back is tried."""

    try_downs: Annotated[
        bool,
        typer.Option(
            "--try-downs",
            help="Try whether the down scripts of the legacy history lead back, and report it.",
            rich_help_panel=ANSWER,
        ),
    ] = False


@dataclass(frozen=True, kw_only=True)
class Waivers:
    """What a proof or a comparison is not held to."""

    waive: Annotated[
        list[str] | None,
        typer.Option(
            "--waive",
            metavar="NAME",
            help=f"Differences that do not count: {', '.join(WAIVERS)}. May be repeated; printed"
            " with the answer.",
            rich_help_panel=ANSWER,
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Talking:
    """How a command talks on stderr."""

    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet", "-q", help="Say nothing on stderr but errors.", rich_help_panel=ANSWER
        ),
    ] = False
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose",
            "-v",
            help="Say more on stderr: what was read, what was chosen from, how long steps took.",
            rich_help_panel=ANSWER,
        ),
    ] = False
    no_progress: Annotated[
        bool,
        typer.Option(
            "--no-progress",
            envvar="CONSOLIDATE_NO_PROGRESS",
            help="Do not tell what is being done.",
            rich_help_panel=ANSWER,
        ),
    ] = False
    color: Annotated[
        Color,
        typer.Option(
            "--color",
            metavar="|".join(Color),
            parser=one_of(Color),
            envvar="CONSOLIDATE_COLOR",
            help="auto colours on a terminal, and obeys NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE.",
            rich_help_panel=ANSWER,
        ),
    ] = Color.AUTO
    log_file: Annotated[
        Path | None,
        typer.Option(
            "--log-file",
            metavar="FILE",
            envvar="CONSOLIDATE_LOG_FILE",
            help="Write there what goes to stderr, even if --quiet keeps it from there.",
            rich_help_panel=ANSWER,
        ),
    ] = None

    @property
    def colored(self) -> bool | None:
        """Whether to colour; None where the terminal and the environment decide."""
        return None if self.color is Color.AUTO else self.color is Color.ALWAYS


@dataclass(frozen=True, kw_only=True)
class Answer(Talking):
    """How a command answers on stdout."""

    format: Annotated[Format, format_option(Format)] = Format.TEXT

    @property
    def as_json(self) -> bool:
        """Whether programs are to read it."""
        return self.format is Format.JSON


@dataclass(frozen=True, kw_only=True)
class Document(Talking):
    """How a command answers on stdout that also writes a page."""

    format: Annotated[Page, format_option(Page)] = Page.TEXT
