"""Fills in the literal placeholders that a project's own tooling replaces before it runs SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.errors import InputProblem
from consolidate.model import Finding, Severity
from consolidate.places import Composer, Places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consolidate.places import SourceText


class Filler:
    """Replaces placeholders in one text after the other, and remembers which occurred."""

    def __init__(self, placeholders: Mapping[str, str]) -> None:
        if "" in placeholders:
            raise InputProblem("a placeholder is empty", hint="Give it the text that it replaces.")
        self._placeholders = placeholders
        self._used: set[str] = set()
        # In one pass, and the longest first: what was filled in is never looked at again.
        longest_first = sorted(placeholders, key=lambda p: (-len(p), p))
        self._any = re.compile("|".join(map(re.escape, longest_first)))

    def fill(self, source: SourceText) -> SourceText:
        """The text with every placeholder replaced; places are told as in the file."""
        found = list(self._any.finditer(source.text)) if self._placeholders else []
        if not found:
            return source
        places = Places(source)
        composer = Composer(source.path)
        done = 0
        for match in found:
            self._used.add(match[0])
            composer.copy(source, places, done, match.start())
            composer.put(self._placeholders[match[0]], places.span(*match.span()))
            done = match.end()
        composer.copy(source, places, done, len(source.text))
        return composer.result()

    def unused(self) -> Iterator[Finding]:
        """A finding for each placeholder that occurred in no text so far."""
        for placeholder in self._placeholders:
            if placeholder not in self._used:
                yield Finding(
                    code=findings.PLACEHOLDER_UNUSED,
                    severity=Severity.WARNING,
                    message=f"the placeholder {placeholder} occurs in no migration",
                    help="Check its spelling, or take it out of the configuration.",
                )
