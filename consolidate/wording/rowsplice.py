"""Writes a listed INSERT with other cells, more columns and fewer rows; no other byte changes.

A comment above a row goes with that row. Where the first row has one as well, and not every row
does, comments are taken for headings: such a one goes with the last of the rows below it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.wording.text import COMMENTS, Span, all_tokens, replaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from consolidate.wording.listings import Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is to be otherwise in a listing."""

    cells: Mapping[tuple[int, int], str]
    """The new text of a cell, by the numbers of its row and its column."""
    added: Mapping[str, Sequence[str]]
    """Columns to add, each with its text for every row."""
    gone: AbstractSet[int]
    """The numbers of the rows to take out."""
    dropped: AbstractSet[int] = frozenset()
    """The numbers of the columns to take out; some other one is left."""
    renamed: Mapping[int, str] = field(default_factory=dict)
    """The new names of columns that the author named, by their numbers; quoted."""
    table: str = ""
    """The table's new name, quoted; empty if it is not to change."""


def spliced(listing: Listing, changes: Changes) -> str:
    """The words with the changes made; empty if no row is left."""
    kept = [number for number in range(len(listing.rows)) if number not in changes.gone]
    if not kept:
        return ""
    edits = [*_in_cells(listing, changes, kept)]
    if changes.gone:
        edits += _Rows(listing, changes.gone, kept[-1]).edits()
    if listing.columns:
        more = "".join(f", {names.quote(column)}" for column in changes.added)
        end = listing.names[-1].end
        edits += [(Span(end, end), more), *_without_columns(listing.names, changes)]
        edits += [(listing.names[number], name) for number, name in changes.renamed.items()]
    if changes.table:
        edits.append((listing.table, changes.table))
    return replaced(listing.words, edits)


def _in_cells(
    listing: Listing, changes: Changes, kept: Sequence[int]
) -> Iterator[tuple[Span, str]]:
    for (row, column), text in changes.cells.items():
        if row not in changes.gone and column not in changes.dropped:
            yield listing.rows[row].cells[column].span, text
    for row in kept:
        spans = [cell.span for cell in listing.rows[row].cells]
        yield from _without_columns(spans, changes)
        end = spans[-1].end
        yield Span(end, end), "".join(f", {texts[row]}" for texts in changes.added.values())


def _without_columns(spans: Sequence[Span], changes: Changes) -> Iterator[tuple[Span, str]]:
    """Takes some of the names or cells between commas out, each with a comma."""
    for number in sorted(changes.dropped):
        if all(before in changes.dropped for before in range(number)):
            yield Span(spans[number].start, spans[number + 1].start), ""
        else:
            yield Span(spans[number - 1].end, spans[number].end), ""


class _Rows:
    """The rows as blocks of lines, for taking some of them out."""

    def __init__(self, listing: Listing, gone: AbstractSet[int], last: int) -> None:
        self._words = listing.words
        self._rows = listing.rows
        self._start = listing.values_end
        self._gone = gone
        self._last = last
        """The last row that stays."""
        comments = [token for token in all_tokens(self._words) if token.name in COMMENTS]
        self._comments = [token.start for token in comments]
        self._inside = {
            at
            for token in comments
            for at in range(token.start, token.end + 1)
            if self._words[at] == "\n"
        }
        before = [listing.values_end, *(row.span.end for row in listing.rows)]
        self._lines = [self._line(before[n], row.span.start) for n, row in enumerate(listing.rows)]
        self._headed = [self._has_heading(number) for number in range(len(listing.rows))]
        self._in_groups = bool(self._headed and self._headed[0] and not all(self._headed))

    def edits(self) -> Iterator[tuple[Span, str]]:
        if self._begin_with_commas():
            blocks, comma = [*self._behind_commas()], 0
        else:
            blocks = [self._block(number) for number in sorted(self._gone) if number < self._last]
            comma = 1
        for span in _merged(blocks):
            yield self._whole_line(span), ""
        if self._last + 1 < len(self._rows):
            yield from self._tail(comma)

    def _begin_with_commas(self) -> bool:
        """Whether a comma stands at the beginning of the next row's line."""
        return any(
            row.comma is not None and line is not None and line <= row.comma
            for row, line in zip(self._rows, self._lines[1:], strict=False)
        )

    def _behind_commas(self) -> Iterator[Span]:
        """What to cut where commas begin the lines: each row goes with the comma before it."""
        first = min(number for number in range(len(self._rows)) if number not in self._gone)
        if first:
            yield Span(self._rows[0].span.start, self._rows[first].span.start)
        for number in sorted(self._gone):
            if first < number < self._last:
                line = self._lines[number]
                follower = self._lines[number + 1]
                yield Span(
                    self._rows[number - 1].span.end if line is None else line - 1,
                    self._rows[number].span.end if follower is None else follower - 1,
                )

    def _whole_line(self, span: Span) -> Span:
        """The span with the line that it would leave blank, or the blanks that would end one."""
        line = self._words.rfind("\n", 0, span.start) + 1
        end = self._words.find("\n", span.end)
        before = self._words[line : span.start]
        if end < 0 or line == span.start or self._words[span.end : end].strip():
            return span
        if not before.strip():
            return Span(line, end + 1)
        return Span(line + len(before.rstrip()), span.end)

    def _line(self, start: int, end: int) -> int | None:
        """Where the first line begins that begins between two places, comments left out."""
        at = self._words.find("\n", start, end)
        while at in self._inside:
            at = self._words.find("\n", at + 1, end)
        return at + 1 if at >= 0 else None

    def _has_heading(self, number: int) -> bool:
        line = self._lines[number]
        if line is None:
            return False
        first = bisect_left(self._comments, line)
        return any(at < self._rows[number].span.start for at in self._comments[first : first + 1])

    def _block(self, number: int) -> Span:
        """A row that others follow: from its comment to the end of its last line."""
        row, follower = self._rows[number], self._rows[number + 1]
        line, end = self._lines[number], self._lines[number + 1]
        comma = row.comma if row.comma is not None else row.span.end
        if end is None:  # the next one stands on the same line
            return Span(row.span.start, follower.span.start)
        if line is None and number:
            before = self._rows[number - 1]
            return Span((before.comma or before.span.end) + 1, comma + 1)
        if line is None:
            return Span(self._start, end - 1)
        return Span(line if self._takes_heading(number) else self._own_line(number), end)

    def _own_line(self, number: int) -> int:
        """The beginning of the line that a row begins on."""
        return self._words.rfind("\n", 0, self._rows[number].span.start) + 1

    def _takes_heading(self, number: int) -> bool:
        """Whether nothing of what the comment above a row speaks of is left."""
        if not self._headed[number] or not self._in_groups:
            return True
        spoken_of = number
        while spoken_of < len(self._rows) and (spoken_of == number or not self._headed[spoken_of]):
            if spoken_of not in self._gone:
                return False
            spoken_of += 1
        return True

    def _tail(self, comma: int) -> Iterator[tuple[Span, str]]:
        """Cuts everything behind the last row that stays, and its comma if it has one there."""
        row, end = self._rows[self._last], self._rows[-1].span.end
        start = row.comma if comma and row.comma is not None else row.span.end
        line = self._lines[self._last + 1]
        cut = start + comma if line is None else line - 1
        behind = self._words[start + comma : cut]
        if behind.strip() and self._words[end:].strip() == ";":  # before the row's own comment
            yield Span(start, start + comma), ";"
            yield Span(cut, len(self._words)), ""
            return
        yield Span(start, start + comma), ""
        if behind.strip():  # a line comment must not swallow what follows
            cut += 1
        yield Span(cut, end), ""


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Spans in order, those that overlap or touch as one."""
    found: list[Span] = []
    for span in spans:
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found
