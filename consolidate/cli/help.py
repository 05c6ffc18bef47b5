"""Help as plain text under headings, as wide as the terminal; typer's own costs twice the time."""

from __future__ import annotations

import inspect
import shutil
from typing import TYPE_CHECKING

from typer._click import Command, HelpFormatter
from typer.core import TyperCommand, TyperGroup, TyperOption

if TYPE_CHECKING:
    from typer._click import Context, Parameter

WIDEST, NARROWEST = 100, 20
"""Columns beyond which lines are hard to read, and below which words no longer fit."""

_GENERAL = "Options"
"""The heading of options that belong under no other."""

EXIT_CODES = (
    "Exit codes: 0 yes; 1 the answer is no; 2 usage; 3 input or configuration; 4 environment;"
    " 5 a bug of ours; 130 interrupted."
)


class _Plain(Command):
    """What has examples as its epilog, a line each."""

    def get_help(self, ctx: Context) -> str:
        """The whole help."""
        columns = shutil.get_terminal_size().columns
        formatter = HelpFormatter(width=max(min(columns, WIDEST), NARROWEST) - 1)
        self.format_help(ctx, formatter)
        return formatter.getvalue().rstrip("\n")

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Writes the options under their headings."""
        panels: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record:
                general = "Arguments" if parameter.param_type_name == "argument" else _GENERAL
                panels.setdefault(_panel(parameter, general), []).append(record)
        panels |= {_GENERAL: panels.pop(_GENERAL)}  # last of all
        for panel, rows in panels.items():
            with formatter.section(panel):
                formatter.write_dl(rows, col_max=formatter.width // 3)

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Writes the examples as they are, since they are to be copied, and the exit codes."""
        del ctx
        with formatter.section("Examples"):
            for line in (self.epilog or "").splitlines():
                formatter.write(f"  {line}\n")
        formatter.write_paragraph()
        formatter.write_text(EXIT_CODES)


class PlainCommand(_Plain, TyperCommand):
    """A command."""


class PlainGroup(_Plain, TyperGroup):
    """Commands under headings."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """The options, with False for flags that are not given: for None typer loads pydantic."""
        found = super().get_params(ctx)
        for one in found:
            if isinstance(one, TyperOption) and one.is_bool_flag and one.default is None:
                one.default = False
        return found

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Writes the commands, and then what there is without any."""
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Writes the commands under their headings, each with its first sentence."""
        del ctx
        widest = max(len(name) for name in self.commands)
        panels: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            row = (f"{name:<{widest}}", _first_sentence(command))
            panels.setdefault(_panel(command, "Commands"), []).append(row)
        for panel, rows in panels.items():
            with formatter.section(panel):
                formatter.write_dl(rows)


def _panel(what: object, general: str) -> str:
    panel = getattr(what, "rich_help_panel", None)
    return panel if isinstance(panel, str) else general


def _first_sentence(command: Command) -> str:
    paragraph = inspect.cleandoc(command.help or "").partition("\n\n")[0]
    return " ".join(paragraph.split()).partition(". ")[0].rstrip(".") + "."
