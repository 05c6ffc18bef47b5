"""Fills in the templates of a new migration and of its rollback: ours, or those that a team made.

A template is text with the variables of `Blank` in double braces, as Jinja writes them. It decides
nothing about the file's name.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.resources import files

from consolidate.errors import InputProblem


class Kind(StrEnum):
    """What a template is for; the file of ours is called like it."""

    MIGRATION = "migration"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """What is known of a new migration before somebody writes it: a template's variables."""

    path: str
    """Below the output folder."""
    rollback: str
    """Where its rollback stands."""
    phase: str
    version: str
    """`YYYYMMDD_HHMMSS`."""
    name: str
    """The file's name without version and ending."""
    title: str
    """The name as a person would write it."""
    date: str
    """`YYYY-MM-DD`, from the version."""
    author: str
    """Empty where it is not known."""
    after: str
    """The migration that applies before it."""


def builtin(kind: Kind) -> str:
    """The text of our own template."""
    return files(__name__).joinpath(f"{kind}.sql").read_text(encoding="utf-8")


def fill(text: str, blank: Blank, *, name: str = "(template)") -> str:
    """A template with its variables filled in.

    Args:
        text: The template.
        blank: The variables.
        name: The template's file, for messages.

    Raises:
        InputProblem: It has a variable that there is not, or is no template.
    """
    from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError  # noqa: PLC0415
    from jinja2.exceptions import UndefinedError  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415 - only `new` needs it

    environment = SandboxedEnvironment(
        undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    try:
        return environment.from_string(text).render(asdict(blank))
    except TemplateSyntaxError as error:
        raise _wrong(f"{name}:{error.lineno}: {error.message}") from None
    except UndefinedError as error:
        known = ", ".join(asdict(blank))
        raise _wrong(f"{name}: {error.message}; known are {known}") from None
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise _wrong(f"{name}: {error}") from None


def _wrong(problem: str) -> InputProblem:
    return InputProblem(
        "A template can not be filled in.",
        problems=(problem,),
        hint="`consolidate new --print-template migration` shows one that can.",
    )
