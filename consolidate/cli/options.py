"""The options that several commands share, each stated once; a command takes a group of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer asks for the types
from typing import Annotated

import typer

from consolidate.runner import Runner  # noqa: TC001 - likewise

HISTORY, SERVERS, PROJECT, ANSWER = "History", "Servers", "Project", "Answer"
"""The headings that help shows them under."""


class Format(StrEnum):
    """How a command answers on standard output."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class History:
    """What is consolidated, and how it is read."""

    folder: Annotated[
        Path | None,
        typer.Argument(
            help="The legacy migrations; by default those that the configuration names."
        ),
    ] = None
    order: Annotated[
        Path | None,
        typer.Option(
            "--order",
            help="A file that lists the migrations in apply order.",
            rich_help_panel=HISTORY,
        ),
    ] = None
    runner: Annotated[
        Runner | None,
        typer.Option(
            "--runner",
            help="Whose conventions the folder follows; recognised by default.",
            rich_help_panel=HISTORY,
        ),
    ] = None
    prelude: Annotated[
        Path | None,
        typer.Option(
            "--prelude",
            help="SQL that the empty database already holds.",
            rich_help_panel=HISTORY,
        ),
    ] = None
    platform: Annotated[
        str | None,
        typer.Option(
            "--platform",
            help="What the database starts with: plain, supabase.",
            rich_help_panel=HISTORY,
        ),
    ] = None
    quarantine: Annotated[
        list[str] | None,
        typer.Option(
            "--quarantine",
            help="auto sets aside the files that do not apply; or a pattern of files."
            " May be repeated.",
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
            help="docker://IMAGE, local://MAJOR, embedded://18, embedded://16, postgresql://… or"
            " auto; may be repeated: rendered on the newest, proven on every one.",
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
class Project:
    """Which configuration holds."""

    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            help="By default mappings.yaml, if it is here.",
            rich_help_panel=PROJECT,
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where the consolidated history is."""

    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The consolidated history.", rich_help_panel=PROJECT),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How a command answers and talks."""

    format: Annotated[
        Format,
        typer.Option("--format", help="How to answer on stdout.", rich_help_panel=ANSWER),
    ] = Format.TEXT
    quiet: Annotated[
        bool,
        typer.Option("--quiet", "-q", help="No progress on stderr.", rich_help_panel=ANSWER),
    ] = False

    @property
    def as_json(self) -> bool:
        """Whether programs are to read it."""
        return self.format is Format.JSON
