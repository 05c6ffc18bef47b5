"""`consolidate audit`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import typer

from consolidate.cli.declaring import CONSOLIDATE, command
from consolidate.cli.options import (
    ANSWER,
    History,
    Project,
    Talking,
    format_option,
    one_of,
)
from consolidate.threshold import FailOn


class View(StrEnum):
    """How an audit answers on standard output."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    GITHUB = "github"


@dataclass(frozen=True, kw_only=True)
class Audited(Talking):
    """How the audit answers."""

    format: Annotated[View, format_option(View)] = View.TEXT
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on",
            metavar="|".join(FailOn),
            parser=one_of(FailOn),
            envvar="CONSOLIDATE_FAIL_ON",
            help="The mildest finding with which the exit code is 1; error where nothing is said.",
            rich_help_panel=ANSWER,
        ),
    ] = None


@command(
    panel=CONSOLIDATE,
    examples=[
        "consolidate audit",
        "consolidate audit path/to/migrations --fail-on warning",
        "consolidate audit --format sarif > audit.sarif",
    ],
)
def audit(*, history: History, project: Project, answer: Audited) -> int:
    """Tell what is in a history and what is wrong with it; no server is needed.

    Exit code 1 when something is as bad as --fail-on says. The last line is the summary.
    """
    from consolidate.cli import auditing, requests

    return auditing.audit(requests.request(history, project), answer)
