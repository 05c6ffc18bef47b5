"""Tells the file, line and column of a place in a text that was put together from files."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate.model import Origin, SourceSpan

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """A text, and where its characters come from."""

    path: str
    """Relative to the legacy folder, with `/`."""
    text: str
    origins: tuple[Origin, ...] = ()
    """Empty if the text is that of the file at `path`."""


class Places:
    """The lines and columns of one text."""

    def __init__(self, source: SourceText) -> None:
        own = (Origin(start=0, path=source.path, line=1, column=1),)
        self._origins = source.origins or own
        self._starts = [origin.start for origin in self._origins]
        self._newlines = [match.start() for match in re.finditer("\n", source.text)]

    def span(self, start: int, end: int) -> SourceSpan:
        """A piece of the text, with the place where it begins."""
        origin, line, column = self._at(start)
        return SourceSpan(origin.path, start, end, line, column)

    def place(self, at: int) -> str:
        """`file:line:col`."""
        return str(self.span(at, at))

    def runs(self, start: int, end: int, at: int) -> Iterator[Origin]:
        """Where the characters of a piece come from, once it stands at `at` of another text."""
        origin, line, column = self._at(start)
        yield replace(origin, start=at, line=line, column=column)
        for number in range(bisect_right(self._starts, start), bisect_left(self._starts, end)):
            yield replace(self._origins[number], start=self._starts[number] - start + at)

    def _at(self, offset: int) -> tuple[Origin, int, int]:
        """Where the run comes from that a character is in, and its line and column there."""
        origin = self._origins[bisect_right(self._starts, offset) - 1]
        if origin.filled:
            return origin, origin.line, origin.column
        before = bisect_left(self._newlines, offset)
        lines = before - bisect_left(self._newlines, origin.start)
        column = origin.column + offset - origin.start
        if lines:
            column = offset - self._newlines[before - 1]
        return origin, origin.line + lines, column


class Composer:
    """Puts a text together, and remembers where each piece comes from."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._pieces: list[str] = []
        self._origins: list[Origin] = []
        self.length = 0

    def copy(self, source: SourceText, places: Places, start: int, end: int) -> None:
        """Appends a piece of a text as it is."""
        if start < end:
            self._origins += places.runs(start, end, self.length)
            self._append(source.text[start:end])

    def put(self, text: str, place: SourceSpan) -> None:
        """Appends text that stands in for what is at a place."""
        if text:
            origin = Origin(
                start=self.length,
                path=place.path,
                line=place.line,
                column=place.column,
                filled=True,
            )
            self._origins.append(origin)
            self._append(text)

    def result(self) -> SourceText:
        """The whole text."""
        return SourceText(path=self._path, text="".join(self._pieces), origins=tuple(self._origins))

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self.length += len(text)
