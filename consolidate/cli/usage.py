"""What is wrong with a command line, and where what it says comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer._click.exceptions import ClickException, NoSuchOption, UsageError
from typer._click.globals import get_current_context
from typer.core import TyperGroup

from consolidate.cli.options import near
from consolidate.errors import UsageProblem

if TYPE_CHECKING:
    from typer._click import Context, Parameter


def problem(error: ClickException) -> UsageProblem:
    """What typer says, in our words: the message, what may have been meant, and where to look."""
    context = error.ctx if isinstance(error, UsageError) else None
    if isinstance(error, NoSuchOption):
        message = error.message + _meant(error.option_name, context)
    else:
        message = error.format_message().rstrip(".").replace(". Did you", "; did you")
    hint = f"{context.command_path} --help tells what there is." if context else ""
    return UsageProblem(message, hint=hint)


def _meant(option: str, context: Context | None) -> str:
    """The nearest option of the command; before a command also those that stand after it."""
    if context is None:
        return ""
    command = context.command
    found = near(option, [name for one in command.get_params(context) for name in one.opts])
    if not found and isinstance(command, TyperGroup):
        after = {name for one in command.commands.values() for p in one.params for name in p.opts}
        found = near(option, sorted(after))
        found = found and f"{found.removesuffix('?')}, after the command?"
    return found


def typed(name: str) -> bool:
    """Whether an option of the running command was given on the command line."""
    source = get_current_context().get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def origin(context: Context, parameter: Parameter) -> str:
    """Where an option's value comes from, in words; empty where it was not given."""
    source = context.get_parameter_source(parameter.name)
    match source.name if source else "":
        case "COMMANDLINE":
            named = parameter.opts[0] if parameter.param_type_name == "option" else "argument"
            return f"command line, {named}"
        case "ENVIRONMENT":
            return f"environment, {parameter.envvar}"
        case _:
            return ""
