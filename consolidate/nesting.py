"""Tells a statement that is nested too deeply for the parser, whose stack would end the program.

libpg_query checks no depth where it hands its tree over. PostgreSQL refuses such statements as well
(`max_stack_depth`), some of them at half as many levels.
"""

from __future__ import annotations

import re

from consolidate.lexer import tokens

DEEPEST = 12_000
"""How many operators may stand within each other; the parser has been seen to take 15,000."""

_SIGNS = "+-*/<>=~!@#%^&|?:"
_WORDS = re.compile(
    r"\b(?:at|between|collate|except|ilike|intersect|is|isnull|join|like|not|notnull|union)\b",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"""
      (?P<open> [(\[] | \bcase\b )
    | (?P<close> [)\]] | \bend\b )
    | (?P<flat> [,;] | \b(?:and|or|when|then|else|values)\b )
    | (?P<deep> [-+*/<>=~!@\#%^&|?:]++
        | \b(?:at|between|collate|except|ilike|intersect|is|isnull|join|like|not|notnull|union)\b )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HIDDEN = frozenset({"comment", "escape", "string", "name", "dollar"})


def is_too_deep(sql: str) -> bool:
    """Whether more operators stand within each other than can be parsed.

    Operators side by side in a list, such as the columns of a SELECT or conditions that AND joins,
    do not count together: the parser keeps them as a list.
    """
    if len(sql) <= DEEPEST:
        return False
    signs = sum(sql.count(sign) for sign in _SIGNS)
    if signs + len(_WORDS.findall(sql)) <= DEEPEST:
        return False
    return _depth(_bare(sql)) > DEEPEST


def _bare(sql: str) -> str:
    """The text without strings, quoted names and comments."""
    pieces: list[str] = []
    done = 0
    for token in tokens(sql):
        if token.kind in _HIDDEN:
            pieces += [sql[done : token.start], " "]
            done = token.end
    return "".join([*pieces, sql[done:]])


def _depth(sql: str) -> int:
    around: list[int] = []
    here = deepest = total = 0
    for step in _STEP.finditer(sql):
        match step.lastgroup:
            case "open":
                around.append(here)
                total += here + 1
                here = 0
            case "close":
                if around:
                    here = around.pop()
                    total -= here + 1
            case "flat":
                here = 0
            case _:
                here += 1
        deepest = max(deepest, total + here)
    return deepest
