"""Comments that ask for a finding not to be told: `-- consolidate: ignore CON210 why`.

It stands on the line before a statement, inside of it or of its body, or behind it on its last
line; `ignore-file` anywhere in a file is about the whole file. Of secrets each code is about one,
so that another one which is added to the statement is told.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import accumulate
from typing import TYPE_CHECKING

from pglast import ast

from consolidate import findings, lexer
from consolidate.audit import directives
from consolidate.audit.found import Found
from consolidate.effects.bodies import body_of
from consolidate.phrases import listed
from consolidate.places import Places, SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consolidate.audit.directives import Directive
    from consolidate.audit.subject import Material
    from consolidate.model import Migration, SourceSpan, Statement, StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One that asks something of the audit."""

    path: str
    place: SourceSpan
    statement: StatementId | None
    """The statement that it stands at; None where the whole file is meant."""
    asked: Directive


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One code that one comment names."""

    number: int
    """Which one of the comment."""
    code: str
    comment: Comment

    def may_cover(self, found: Found) -> bool:
        """Whether it is about the code and the place of something."""
        at = self.comment
        if found.code != self.code or found.path != at.path:
            return False
        return at.asked.whole_file or (at.statement is not None and found.statement == at.statement)

    @property
    def of_one(self) -> bool:
        """Whether it is about one thing, and not about all that is found of the statement."""
        return self.code == findings.SECRET and not self.comment.asked.whole_file


def covered(
    asked: Iterable[Suppression], found: Iterable[Found]
) -> Mapping[Suppression, tuple[Found, ...]]:
    """What each of them asks not to tell; of secrets it is the first that stands behind it.

    One that stands behind all secrets of its statement is about the last of them.
    """
    by_code: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        by_code.setdefault((one.code, one.path), []).append(one)
    taken: set[Found] = set()
    covers: dict[Suppression, tuple[Found, ...]] = {}
    for suppression in asked:
        about = by_code.get((suppression.code, suppression.comment.path), ())
        hits = [one for one in about if suppression.may_cover(one)]
        if suppression.of_one:
            free = sorted((one for one in hits if one not in taken), key=_line)
            line = suppression.comment.place.line
            hits = [one for one in free if _line(one) >= line][:1] or free[-1:]
        taken.update(hits)
        covers[suppression] = tuple(hits)
    return covers


def _line(found: Found) -> int:
    return found.place.line if found.place else 0


def comments(material: Material) -> tuple[Comment, ...]:
    """All comments that ask something, in the order in which they stand."""
    return tuple(
        one
        for path, migration in material.migrations.items()
        if directives.may_have(migration.text)
        for one in _in_file(migration, material.by_path[path])
    )


def suppressions(spoken: Iterable[Comment]) -> tuple[Suppression, ...]:
    """What they keep from being told, code by code."""
    return tuple(
        Suppression(number=number, code=code, comment=comment)
        for comment in spoken
        for number, code in enumerate(comment.asked.codes)
    )


def misspelt(spoken: Iterable[Comment]) -> Iterator[Found]:
    """Those that are not, or not all, as they have to be."""
    for comment in spoken:
        if comment.asked.wrong:
            yield _of(comment, f"not read as it is meant: {comment.asked.wrong}")


def _in_file(migration: Migration, file: Sequence[Statement]) -> Iterator[Comment]:
    text = migration.text
    places = Places(SourceText(path=migration.path, text=text, origins=migration.origins))
    ends = tuple(accumulate(len(one.text) for one in file))
    for token in _comments(text, file, ends):
        for asked in directives.directives(text, token.start, token.end):
            at = None if asked.whole_file else _statement_at(file, ends, text, token)
            place = places.span(token.start, token.end)
            yield Comment(path=migration.path, place=place, statement=at, asked=asked)


def _comments(text: str, file: Sequence[Statement], ends: Sequence[int]) -> Iterator[lexer.Token]:
    """The comments of a file, those in the bodies of its functions and blocks included."""
    for token in lexer.tokens(text):
        if token.kind == "comment":
            yield token
        elif token.kind in _QUOTED and directives.may_have(text[token.start : token.end]):
            around = bisect_right(ends, token.start)
            tree = file[around].tree if around < len(file) else None
            if isinstance(tree, _WITH_BODY) and body_of(tree)[0] in _WITH_DASHES:
                quote = _OPENING.match(text, token.start)
                width = len(quote[0]) if quote else 0
                inner = lexer.tokens(text, token.start + width, token.end - 1)
                yield from (one for one in inner if one.kind == "comment")


_QUOTED = frozenset({"dollar", "string", "escape"})
_OPENING = re.compile(r"\$[^$]*\$|[eE]?'")
_WITH_BODY = (ast.DoStmt, ast.CreateFunctionStmt)
_WITH_DASHES = frozenset({"sql", "plpgsql"})
"""The languages whose comments are SQL's."""


def _statement_at(
    file: Sequence[Statement], ends: Sequence[int], text: str, comment: lexer.Token
) -> StatementId | None:
    """The statement that a comment is about: the one around it, before it on its line, or next.

    What stands before a semicolon stands in the statement that this ends.
    """
    line = text.rfind("\n", 0, comment.start) + 1
    behind = bool(text[line : comment.start].strip())
    begun = [
        (one, end)
        for one, end in zip(file, ends, strict=True)
        if one.sql and one.span.start <= comment.start
    ]
    if begun and (behind or comment.start < begun[-1][1]):
        return begun[-1][0].id
    coming = (one for one in file if one.sql and one.span.start > comment.start)
    return next((one.id for one in coming), None)


def idle(asked: Iterable[Suppression], found: Iterable[Found]) -> Iterator[Found]:
    """Those that keep nothing from being told."""
    for suppression, hits in covered(asked, found).items():
        if hits:
            continue
        yield _of(suppression.comment, _why(suppression.code))


def _why(code: str) -> str:
    if code in findings.CODES:
        return f"{code} suppresses nothing here"
    near = get_close_matches(code, sorted(findings.CODES), 3, 0.8)
    suggested = f"; did you mean {listed(near, 3)}?" if near else ""
    return f"{code} is the code of no finding{suggested}"


def _of(comment: Comment, message: str) -> Found:
    return Found(
        code=findings.SUPPRESSES_NOTHING,
        message=message,
        path=comment.path,
        place=comment.place,
        statement=comment.statement,
    )
