"""Reads what a comment asks of the audit, and what is wrong with one that nearly asks it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = "consolidate"
_KEYWORDS = ("ignore", "ignore-file")
_SPOKEN_TO = re.compile(r"con(?:solidate|[-_ ]?[0-9])")
"""What a text in small letters has if a comment of it may speak to the audit."""
_WORD = re.compile(r"(?<![\w-])[A-Za-z]{9,13}(?![\w-])")
_CODE = r"(?:con[-_ ]?[0-9]\w*|(?-i:CON[A-Z]*)\b)"
_REST = re.compile(
    rf"""(?P<colon>[ \t]*:)?
         [ \t]*(?P<keyword>(?!con[-_ ]?[0-9])[a-z]+(?:[-_][a-z]+)*)?
         (?P<gap>[ \t:=(\[]*)
         (?P<codes>{_CODE}(?:[ \t]*+(?:(?:[,;/&+]|\band\b|\bor\b)[ \t]*+)?{_CODE})*+)?""",
    re.IGNORECASE | re.VERBOSE,
)
_ONE_CODE = re.compile(_CODE, re.IGNORECASE)
_ALIKE = 0.85
"""From which likeness on a word is ours with a slip in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """What one comment asks."""

    whole_file: bool
    codes: tuple[str, ...]
    """The codes that are in force: all up to the first thing that is wrong."""
    wrong: str = ""
    """What is wrong with how it is said, and the right form; empty if nothing is."""


def may_have(text: str) -> bool:
    """Whether a text is worth looking for comments that ask something."""
    return bool(_SPOKEN_TO.search(text.lower()))


def directives(text: str, start: int, end: int) -> Iterator[Directive]:
    """What the comment in `text[start:end]` asks, and nearly asks.

    Prose that has the name of the program in it is neither: behind the name there has to be a
    colon and a code, or a word like `ignore` and one of the two.
    """
    for word in _WORD.finditer(text, start, end):
        if SequenceMatcher(None, word[0].lower(), _NAME).ratio() < _ALIKE:
            continue
        rest = _REST.match(text, word.end(), end)
        if rest and (directive := _directive(word[0], rest)):
            yield directive


def _directive(name: str, rest: re.Match[str]) -> Directive | None:
    said, colon, written = rest["keyword"] or "", rest["colon"], rest["codes"] or ""
    meant = get_close_matches(said.lower().replace("_", "-"), _KEYWORDS, 1, 0.7)
    if not (colon and written) and not (meant and (colon or written)):
        return None
    keyword = meant[0] if meant else _KEYWORDS[0]
    named = [_spelled(code) for code in _ONE_CODE.findall(written)]
    good, behind = _in_force(written)
    before = [
        *([] if name == _NAME else [f"{name} is written {_NAME}"]),
        *([] if colon == ":" else [f"no colon stands right behind {name}"]),
        *([] if said == keyword else [_no_keyword(said)]),
        *([f"{rest['gap'].strip()} stands before the code"] if rest["gap"].strip() else []),
        *([] if written else ["it names no code"]),
    ]
    wrong = ", ".join((*before, *behind))
    right = f"{_NAME}: {keyword} {', '.join(named) or 'CODE'}"
    return Directive(
        whole_file=keyword == "ignore-file",
        codes=() if before else good,
        wrong=f"{wrong}; the right form is: {right}" if wrong else "",
    )


def _no_keyword(said: str) -> str:
    if said:
        return f"{said} is neither {' nor '.join(_KEYWORDS)}"
    return f"neither {' nor '.join(_KEYWORDS)} stands before the code"


def _spelled(code: str) -> str:
    """A code as findings have it."""
    return re.sub(r"[-_ ]", "", code).upper()


def _in_force(written: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes before the first that is not written as it has to be, and what is wrong."""
    good: list[str] = []
    wrong: list[str] = []
    behind = 0
    for code in _ONE_CODE.finditer(written):
        if behind and written[behind : code.start()].strip() != ",":
            wrong.append(f"no comma stands before {code[0]}")
        if code[0] != _spelled(code[0]):
            wrong.append(f"{code[0]} is written {_spelled(code[0])}")
        if not wrong:
            good.append(code[0])
        behind = code.end()
    return tuple(good), tuple(wrong)
