"""What was asked for on the command line, as the pipeline takes it."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from consolidate.cli import usage
from consolidate.errors import UsageProblem
from consolidate.job import Request
from consolidate.masking import masked_text

if TYPE_CHECKING:
    from consolidate.cli.options import ClusterChanges, History, Project, Servers, Target


def request(*groups: History | Servers | ClusterChanges | Project | Target) -> Request:
    """The request that these groups of options make up; what is in none of them was not said.

    Raises:
        UsageProblem: They contradict each other.
    """
    said: dict[str, Any] = {}
    for group in groups:
        said |= asdict(group)
    if said.get("no_config") and usage.typed("config"):
        raise UsageProblem(
            "--config and --no-config say the opposite of each other", hint="Leave one out."
        )
    servers = tuple(said.pop("server", None) or ())
    quarantine = tuple(said.pop("quarantine", None) or ())
    said.pop("directory", None)  # we are there
    return Request(servers=servers, quarantine=quarantine, command=_next_command(sys.argv), **said)


def _next_command(arguments: list[str]) -> str:
    """What was typed, for hints; what `verify` finds is answered by another `run`."""
    program, *rest = arguments
    told = ["run" if argument == "verify" else argument for argument in rest[:1]]
    typed = "/" in program and not program.startswith("/")  # else a shell found it along PATH
    shown = [program if typed else "consolidate", *told, *rest[1:]]
    return shlex.join([masked_text(argument) for argument in shown])
