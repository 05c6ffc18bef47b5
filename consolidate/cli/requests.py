"""What was asked for on the command line, as the pipeline takes it."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from consolidate.cli import usage
from consolidate.masking import masked_text
from consolidate.request import Request

if TYPE_CHECKING:
    from consolidate.cli.extent import Extent
    from consolidate.cli.options import (
        ClusterChanges,
        Drill,
        History,
        OwnDrill,
        Project,
        Servers,
        Target,
        Waivers,
        WayBack,
    )

    Group = (
        History
        | Servers
        | ClusterChanges
        | Project
        | Target
        | Extent
        | Drill
        | OwnDrill
        | Waivers
        | WayBack
    )


def request(*groups: Group) -> Request:
    """The request that these groups of options make up; what is in none of them was not said.

    Raises:
        UsageProblem: They contradict each other.
    """
    said: dict[str, Any] = {}
    for group in groups:
        said |= asdict(group)
    usage.require_one_configuration(no_config=said.get("no_config", False))
    servers = tuple(said.pop("server", None) or ())
    quarantine = tuple(said.pop("quarantine", None) or ())
    waive = tuple(said.pop("waive", None) or ())
    said.pop("directory", None)  # we are there
    command = _next_command(sys.argv)
    return Request(servers=servers, quarantine=quarantine, waive=waive, command=command, **said)


_CHECKS = {"verify", "drill"}


def _next_command(arguments: list[str]) -> str:
    """What was typed, for hints; what `verify` and `drill` find is answered by another `run`."""
    program, *rest = arguments
    told = ["run" if argument in _CHECKS else argument for argument in rest[:1]]
    typed = "/" in program and not program.startswith("/")  # else a shell found it along PATH
    shown = [program if typed else "consolidate", *told, *rest[1:]]
    return shlex.join([masked_text(argument) for argument in shown])
