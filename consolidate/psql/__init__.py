r"""Carries out what a history asks of psql, so that only SQL and COPY rows are left of it.

Runners that feed files to psql leave it to psql to replace variables, to include files and to
choose between the branches of an `\if`. What is done here is done as psql does it; the rest is
refused with its place. Nothing is run and no server is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.errors import InputProblem
from consolidate.places import Composer, SourceText
from consolidate.psql.script import Script, Session

if TYPE_CHECKING:
    from consolidate.model import PsqlArgument
    from consolidate.psql.files import Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """A migration's text with nothing of psql left in it."""

    source: SourceText
    included: frozenset[str]
    """The paths of the SQL files that it includes, directly or not."""
    arguments: tuple[PsqlArgument, ...] = ()
    """What it tells psql's commands, in order."""
    refusal: InputProblem | None = None
    """What is not carried out, all of it; it is left out of the text."""


def expand(source: SourceText, files: Files) -> Expanded:
    """The SQL that psql would send for a file; a text without backslashes is left alone.

    Each file begins without variables, as with one psql for each file. A variable that is not
    set stays as it is, and is told by the parser.

    Raises:
        InputProblem: Something is not carried out; all of it is told at once, with its places.
    """
    found = attempt(source, files)
    if found.refusal is not None:
        raise found.refusal
    return found


def attempt(source: SourceText, files: Files) -> Expanded:
    """The same, less what is not carried out."""
    if "\\" not in source.text:
        return Expanded(source=source, included=frozenset())
    session = Session(files=files, composer=Composer(source.path))
    Script(session, source, (source.path,)).run()
    refusal = InputProblem(
        f"{source.path} asks for something of psql that is not done",
        problems=tuple(session.problems),
        hint="Say it in SQL; `docs/reference/psql.md` lists what of psql is understood.",
    )
    composed = session.composer.result()
    changed = composed.text != source.text
    return Expanded(
        source=composed if changed else source,
        included=frozenset(session.included),
        arguments=tuple(session.arguments),
        refusal=refusal if session.problems else None,
    )
