"""Rules about statements whose effects or bodies can not be read in the text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pglast.parser import ParseError

from consolidate import findings, statements
from consolidate.audit.found import about
from consolidate.effects.bodies import body_of
from consolidate.graph import finding
from consolidate.model import Severity
from consolidate.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material


def opaque(material: Material) -> Iterator[Found]:
    """What only a server can tell, and what is not understood; what does not parse has its own."""
    for spot in material.opaque:
        if spot.statement.tree is not None:
            told = finding(spot.effect)
            yield about(spot.statement, told.code, told.message, severity=told.severity)


def bodies(material: Material) -> Iterator[Found]:
    """Bodies that do not parse: what PostgreSQL refuses too, and what it alone may be able to read.

    A validator reads a function's body when that is created, unless `check_function_bodies` is
    off; a DO block is read when it runs.
    """
    for spot in material.spots:
        flaw = spot.effect.flaw
        if flaw is None:
            continue
        statement, (language, body) = spot.statement, body_of(spot.statement.tree)
        said, _ = statements.parser_said(ParseError(flaw.said, flaw.at or 0), body)
        if not flaw.refused:
            told = f"the {language} of a body can not be parsed here: {said}"
            yield about(statement, findings.OPAQUE_STATEMENT, told, severity=Severity.INFO)
            continue
        found = about(statement, findings.SYNTAX_ERROR, f"{said}, in a body of {language}")
        begin = statement.sql.find(body)
        if begin >= 0 and flaw.at is not None:
            at = statement.span.start + begin + flaw.at
            source = statements.source_of(spot.migration)
            found = replace(found, place=Places(source).span(at, at))
        yield found


RULES = (opaque, bodies)
