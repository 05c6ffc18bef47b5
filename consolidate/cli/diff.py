"""`consolidate diff`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from consolidate.cli.declaring import CONSOLIDATE, command
from consolidate.cli.options import (
    SERVERS,
    ClusterChanges,
    Directory,
    Document,
    Platform,
    Prelude,
    Servers,
    Waivers,
)


@dataclass(frozen=True, kw_only=True)
class Building:
    """What the database holds before a side is built, and how long one that is there may take."""

    platform: Platform = None
    prelude: Prelude = None
    timeout: Annotated[
        int,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            min=1,
            help="How long one query may take on a database that exists.",
            rich_help_panel=SERVERS,
        ),
    ] = 60


@command(
    panel=CONSOLIDATE,
    examples=[
        "consolidate diff old_migrations new_migrations",
        "consolidate diff schema.dump postgresql://reader@host/app --waive rows",
        "consolidate diff old.sql new.sql --format markdown",
    ],
)
def diff(  # noqa: PLR0913 - a group of options each
    *,
    left: Annotated[
        str, typer.Argument(metavar="LEFT", help="A folder of SQL files, a dump, or postgresql://…")
    ],
    right: Annotated[str, typer.Argument(metavar="RIGHT", help="Likewise.")],
    building: Building,
    servers: Servers,
    changes: ClusterChanges,
    waivers: Waivers,
    directory: Directory,
    answer: Document,
) -> int:
    """Compare any two databases: built from SQL files, from a dump, or as they are.

    Exit code 1, with the differences, when they are not equal. A database that exists is only read.
    """
    from consolidate.cli import differing
    from consolidate.comparison import Asked

    del directory  # we are there

    asked = Asked(
        left=left,
        right=right,
        servers=tuple(servers.server or ()),
        allow_cluster_changes=changes.allow_cluster_changes,
        platform=building.platform,
        prelude=building.prelude,
        waive=tuple(waivers.waive or ()),
        timeout=building.timeout,
    )
    return differing.diff(asked, answer)
