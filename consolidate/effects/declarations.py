"""The declarations of a PL/pgSQL body, and its words where no parser reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import pglast

from consolidate.effects.references import References
from consolidate.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pglast.parser import Token

Name = tuple[str, ...]

_TYPE = re.compile(
    r"""(?:constant\s+)?((?:"[^"]+"|[\w$]+)(?:\s*\.\s*(?:"[^"]+"|[\w$]+))*)""", re.IGNORECASE
)
_DOT, _PERCENT, _SEMICOLON = "ASCII_46", "ASCII_37", "ASCII_59"
_GIVES = frozenset({"COLON_EQUALS", "DEFAULT", "ASCII_61"})
_OPENING, _CLOSING, _COMMA = "ASCII_91", "ASCII_93", "ASCII_44"
_COMMENTS = frozenset({"SQL_COMMENT", "C_COMMENT"})
_BLOCKS = frozenset({"DECLARE", "BEGIN_P"})
_LOOPS = frozenset({"for", "foreach"})


@lru_cache(maxsize=1 << 12)
def declared(type_name: str) -> tuple[Name, ...]:
    """A declared type; `t%ROWTYPE` and `t.c%TYPE` refer to the table."""
    name, _, suffix = type_name.partition("%")
    parts = _dotted(name)
    if suffix.lower() == "type":
        parts = parts[:-1]
    return (parts,) if parts and parts != ("UNKNOWN",) else ()


def type_behind(variable: str, line: str) -> tuple[Name, ...]:
    """The type that a line declares a variable with."""
    pattern = rf"\b{re.escape(variable)}\b\"?\s+{_TYPE.pattern}"
    found = re.search(pattern, line, re.IGNORECASE)
    return declared(found[1]) if found else ()


@dataclass(slots=True)
class Plain:
    """A body without types that have a schema."""

    text: str
    types: list[Name] = field(default_factory=list)
    defaults: list[str] = field(default_factory=list)
    """The expressions that variables of these types begin with, which the parser keeps back."""


def without_types(body: str) -> Plain:
    """The body with `record` for each declared type that has a schema.

    libpg_query looks types up in `public` and `pg_catalog` alone, and refuses all others.
    """
    tokens = tokens_of(body)
    pieces: list[str] = []
    found = Plain("")
    done = position = 0
    declaring = False
    while position < len(tokens):
        token = tokens[position]
        if token.name in _BLOCKS:
            declaring = token.name == "DECLARE"
        elif declaring and _is_dotted(tokens, position):
            last = _end(tokens, position)
            name = body[token.start : tokens[last].end + 1]
            found.types += declared(re.sub(r"\s+|\[.*", "", name))
            pieces += [body[done : token.start], "record"]
            done = tokens[last].end + 1
            position = _behind_value(tokens, last)
            if position > last + 2 and tokens[last + 1].name in _GIVES:
                found.defaults.append(body[tokens[last + 2].start : tokens[position].start])
            continue
        position += 1
    found.text = "".join([*pieces, body[done:]])
    return found


def _is_dotted(tokens: Sequence[Token], position: int) -> bool:
    """Whether a name with a dot begins here; that of an operator is none, `pg_catalog.+`."""
    if position + 2 >= len(tokens) or tokens[position + 1].name != _DOT:
        return False
    last = tokens[position + 2]
    return last.name == "IDENT" or last.kind != "NO_KEYWORD"


def _end(tokens: Sequence[Token], position: int) -> int:
    """The last token of a type that begins at a position: behind `%ROWTYPE` and brackets."""
    last = position
    while last + 2 < len(tokens) and tokens[last + 1].name in {_DOT, _PERCENT}:
        last += 2
    while last + 2 < len(tokens) and tokens[last + 1].name == _OPENING:
        last += 2 if tokens[last + 2].name == _CLOSING else 3
    return min(last, len(tokens) - 1)


def _behind_value(tokens: Sequence[Token], position: int) -> int:
    """Where the declaration ends: its default may have dotted names that are no types."""
    while position + 1 < len(tokens) and tokens[position].name != _SEMICOLON:
        position += 1
    return position


def tokens_of(text: str) -> Sequence[Token]:
    """The tokens of a text; none if it has a string or a comment without an end."""
    try:
        return list(pglast.parser.scan(text))
    except pglast.Error:
        return ()


def words(text: str, known: Sequence[str] = ()) -> References:
    """Every dotted name of the text, less those of its own variables and their fields.

    Args:
        text: A body, or a part of one.
        known: The variables that it has besides.
    """
    tokens = [token for token in tokens_of(text) if token.name not in _COMMENTS]
    names: list[Name] = []
    parts: list[str] = []
    dot = False
    for token in tokens:
        word = text[token.start : token.end + 1]
        if token.name == _DOT and parts:
            dot = True
        elif token.name == "IDENT" or token.kind == "UNRESERVED_KEYWORD":
            if not dot:
                parts = []
                names.append(())
            parts.append(fold(word))
            names[-1] = tuple(parts)
            dot = False
        else:
            parts, dot = [], False
    own = {*known, *_variables(text, tokens)}
    return References(names=[name for name in dict.fromkeys(names) if name[0] not in own])


def _variables(text: str, tokens: Sequence[Token]) -> Iterator[str]:
    """What a body of PL/pgSQL declares, cursors' parameters too, and the variables of its loops."""
    declaring = looping = expected = False
    for number, token in enumerate(tokens):
        word = fold(text[token.start : token.end + 1])
        if token.name in _BLOCKS:
            declaring = expected = token.name == "DECLARE"
        elif word in _LOOPS and not declaring:
            looping = expected = True
        elif expected and (token.name == "IDENT" or token.kind == "UNRESERVED_KEYWORD"):
            yield word
            expected = False
        else:
            looping = looping and token.name == _COMMA
            opened = number > 0 and tokens[number - 1].name == "CURSOR"
            in_list = declaring and (opened or token.name == _COMMA)
            expected = looping or in_list or (declaring and token.name == _SEMICOLON)


def _dotted(text: str) -> Name:
    return tuple(fold(part.strip()) for part in text.split(".") if part.strip())
