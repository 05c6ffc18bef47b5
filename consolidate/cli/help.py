"""Help as plain text under headings, as wide as the terminal; typer's own costs twice the time."""

from __future__ import annotations

import inspect
import shutil
from typing import TYPE_CHECKING

from typer._click import HelpFormatter
from typer.core import TyperCommand, TyperGroup, TyperOption

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typer._click import Command, Context, Parameter

WIDEST, NARROWEST = 100, 20
"""Columns beyond which lines are hard to read, and below which words no longer fit."""

_GENERAL = "Options"
"""The heading of options that belong under no other."""


EXIT_CODES = (
    "Exit codes: 0 yes; 1 the answer is no; 2 usage; 3 input or configuration; 4 environment;"
    " 5 a bug of ours; 130 interrupted."
)


class PlainCommand(TyperCommand):
    """A command whose epilog is its examples, a line each."""

    def get_help(self, ctx: Context) -> str:
        """The whole help."""
        return _help(self, ctx)

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Writes the options under their headings."""
        _write_options(self, ctx, formatter)

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Writes the examples as they are: they are to be copied."""
        del ctx
        _write_examples(self.epilog, formatter)
        _write_rest(EXIT_CODES, formatter)


class PlainGroup(TyperGroup):
    """Commands under headings, likewise."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """The options, with False for flags that are not given: for None typer loads pydantic."""
        found = super().get_params(ctx)
        for one in found:
            if isinstance(one, TyperOption) and one.is_bool_flag and one.default is None:
                one.default = False
        return found

    def get_help(self, ctx: Context) -> str:
        """The whole help."""
        return _help(self, ctx)

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Writes the commands, and then what there is without any."""
        self.format_commands(ctx, formatter)
        _write_options(self, ctx, formatter)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Writes the commands under their headings, each with its first sentence."""
        del ctx
        there = [(_panel(one, "Commands"), name, one) for name, one in self.commands.items()]
        widest = max(len(name) for name in self.commands)
        for panel in dict.fromkeys(panel for panel, _, _ in there):
            rows = [
                (f"{name:<{widest}}", _first_sentence(one))
                for at, name, one in there
                if at == panel
            ]
            with formatter.section(panel):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Writes the examples as they are: they are to be copied."""
        del ctx
        _write_examples(self.epilog, formatter)
        _write_rest(EXIT_CODES, formatter)


def _help(command: Command, ctx: Context) -> str:
    columns = shutil.get_terminal_size().columns
    formatter = HelpFormatter(width=max(min(columns, WIDEST), NARROWEST) - 1)
    command.format_help(ctx, formatter)
    return formatter.getvalue().rstrip("\n")


def _write_options(command: Command, ctx: Context, formatter: HelpFormatter) -> None:
    panels: dict[str, list[tuple[str, str]]] = {}
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record:
            general = "Arguments" if parameter.param_type_name == "argument" else _GENERAL
            panels.setdefault(_panel(parameter, general), []).append(record)
    panels |= {_GENERAL: panels.pop(_GENERAL)}  # last of all
    widest = formatter.width // 3
    for panel, rows in panels.items():
        with formatter.section(panel):
            formatter.write_dl(rows, col_max=widest)


def _write_examples(lines: str | None, formatter: HelpFormatter) -> None:
    if lines:
        with formatter.section("Examples"):
            formatter.write("".join(f"  {line}\n" for line in lines.splitlines()))


def _write_rest(text: str, formatter: HelpFormatter) -> None:
    formatter.write_paragraph()
    formatter.write_text(text)


def _panel(what: object, general: str) -> str:
    panel = getattr(what, "rich_help_panel", None)
    return panel if isinstance(panel, str) else general


def _first_sentence(command: Command) -> str:
    text: Iterable[str] = inspect.cleandoc(command.help or "").split("\n\n")[0].split()
    return " ".join(text).partition(". ")[0].rstrip(".") + "."
