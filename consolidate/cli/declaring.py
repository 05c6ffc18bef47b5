"""Declares commands: groups of options as parameters, the heading in help, and the examples."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, get_type_hints

import typer

from consolidate.cli import log
from consolidate.cli.help import PlainCommand, PlainGroup
from consolidate.cli.options import Talking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


CONSOLIDATE, PROJECT, MACHINE = "Consolidate", "Project", "This machine"
"""The headings that help shows commands under, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A command that can be added to an application."""

    function: Callable[..., int | None]
    """With a parameter for each option; what it returns is the exit code, None is 0."""
    panel: str
    examples: tuple[str, ...]

    def add_to(self, app: typer.Typer) -> None:
        """Makes it a command of the application, under the name of its function."""
        app.command(cls=PlainCommand, rich_help_panel=self.panel, epilog="\n".join(self.examples))(
            self.function
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Commands under a name of their own."""

    name: str
    help: str
    panel: str
    examples: tuple[str, ...]
    commands: tuple[Declared, ...]

    def add_to(self, app: typer.Typer) -> None:
        """Makes them commands of the application, under their common name."""
        group = typer.Typer(cls=PlainGroup, no_args_is_help=True, rich_markup_mode=None)
        for one in self.commands:
            one.add_to(group)
        app.add_typer(
            group,
            name=self.name,
            help=self.help,
            rich_help_panel=self.panel,
            epilog="\n".join(self.examples),
        )


def command(
    *, panel: str, examples: Sequence[str]
) -> Callable[[Callable[..., int | None]], Declared]:
    """Declares a function as a command; its docstring is the help.

    A parameter whose type is a dataclass stands for all fields of that, one option each; the other
    parameters are as typer takes them.

    Args:
        panel: The heading that help lists it under.
        examples: Command lines that help shows.
    """

    def declare(function: Callable[..., int | None]) -> Declared:
        return Declared(function=_spread(function), panel=panel, examples=tuple(examples))

    return declare


def _spread(function: Callable[..., int | None]) -> Callable[..., int | None]:
    """The function with the fields of its dataclasses as parameters of their own."""
    hints = get_type_hints(function, include_extras=True)
    parameters = inspect.signature(function).parameters
    groups = {name: hints[name] for name in parameters if is_dataclass(hints[name])}

    @wraps(function)
    def called(**given: Any) -> int | None:  # noqa: ANN401 - typer has checked them
        import logging

        # What it warns of when a connection ends in the middle is told by us, or of no interest.
        logging.getLogger("psycopg").addHandler(logging.NullHandler())
        values = {
            name: group(**{field.name: given.pop(field.name) for field in fields(group)})
            for name, group in groups.items()
        }
        for value in values.values():
            if isinstance(value, Talking) and value.log_file:
                log.start(value.log_file)
        return function(**values, **given)

    spread = [one for name, own in parameters.items() for one in _options(own, hints[name])]
    called.__signature__ = inspect.Signature(spread)  # type: ignore[attr-defined]
    called.__annotations__ = {one.name: one.annotation for one in spread}
    return called


def _options(own: inspect.Parameter, hint: Any) -> Iterator[inspect.Parameter]:  # noqa: ANN401 - any type
    if not is_dataclass(hint):
        yield own.replace(annotation=hint, kind=inspect.Parameter.KEYWORD_ONLY)
        return
    hints = get_type_hints(hint, include_extras=True)
    for field in fields(hint):
        yield inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=hints[field.name],
        )
