"""Texts that PostgreSQL may read as a value of a type, the plainest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_UUID = "5e471e15-0000-4000-8000-000000009001"
_LONG = "abcdefghijklmnopqrstuvwxyz0123456789"
_TEXTS = (
    *("sentinel", "sentinel@example.org", "https://example.org/sentinel", "a", "A", "1", "00000"),
    *("en", "+15550100", "2001-02-03", "12:00", _UUID, "{}", "[]", "AAA", "#aabbcc"),
    *("SENTINEL-1", "sentinel_1", "sentinel-1", "sentinel/1", "Sentinel", "sentinel one", "1.0.0"),
    *(_LONG, _LONG * 2, ""),
)
_NUMBERS = ("9001", "1", "0", "2", "5", "10", "50", "100", "1000", "30001", "2001", "-1")
_DAYS = ("2001-02-03", "2999-01-01", "1900-01-01")
_MOMENTS = tuple(f"{day} 04:05:06+00" for day in _DAYS)
_JSON = ("{}", "[]", '"sentinel"', "1", '{"sentinel": 1}')
_BITS = ("1", "0", "10101010")

_BY_NAME = {
    **dict.fromkeys(("int2", "int4", "int8", "oid", "numeric", "money"), _NUMBERS),
    **dict.fromkeys(("float4", "float8"), (*_NUMBERS, "0.5")),
    **dict.fromkeys(("text", "varchar", "bpchar", "name", "citext"), _TEXTS),
    **dict.fromkeys(("timestamp", "timestamptz"), _MOMENTS),
    **dict.fromkeys(("json", "jsonb"), _JSON),
    **dict.fromkeys(("bit", "varbit"), _BITS),
    **dict.fromkeys(("inet", "cidr"), ("192.0.2.1", "2001:db8::1")),
    "bool": ("true", "false"),
    "date": _DAYS,
    "time": ("04:05:06",),
    "timetz": ("04:05:06+00",),
    "interval": ("1 day", "0", "1 year"),
    "uuid": (_UUID, "00000000-0000-0000-0000-000000000000"),
    "bytea": (r"\x5e4715", r"\x"),
    "xml": ("<sentinel/>",),
    "macaddr": ("08:00:2b:01:02:03",),
    "macaddr8": ("08:00:2b:01:02:03:04:05",),
    "point": ("(1,2)",),
    "line": ("{1,2,3}",),
    "lseg": ("[(0,0),(1,1)]",),
    "box": ("(1,1),(0,0)",),
    "path": ("[(0,0),(1,1)]",),
    "polygon": ("((0,0),(1,0),(1,1))",),
    "circle": ("<(0,0),1>",),
    "tsvector": ("sentinel",),
    "tsquery": ("sentinel",),
    "pg_lsn": ("0/5E47",),
    "char": ("s", "a"),
}
_UNKNOWN = ("", "0", "1", "a", "sentinel", "{}", "[]", "()", "sentinel=>1", "[1,2,3]")

_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_NUMBER = re.compile(r"(?<![\w.'])-?\d+(?:\.\d+)?(?![\w.'])")
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What one needs to know of a type to write a value of it."""

    name: str
    """As `pg_type.typname` has it; a domain's is that of what it is made of."""
    labels: tuple[str, ...] = ()
    """Of an enum."""
    element: Kind | None = None
    """Of an array or a range: what is in it."""
    shape: str = "b"
    """As `pg_type.typtype` has it: `b` base, `c` composite, `e` enum, `r` range, `m` multirange;
    `a` is an array."""
    parts: int = 0
    """How many columns a composite has."""
    conditions: tuple[str, ...] = ()
    """Of a domain."""


def of(kind: Kind) -> tuple[str, ...]:
    """Texts that may be values of the type; whether they are, the server knows."""
    match kind.shape:
        case "e":
            return kind.labels
        case "c":
            return (f"({',' * max(kind.parts - 1, 0)})",)
        case "m":
            return ("{}",)
        case "r" if kind.element:
            low = of(kind.element)[:1]
            return ("empty", *(f"[{quoted(one)},{quoted(one)}]" for one in low), "(,)")
        case "a" if kind.element:
            return ("{}", *(f"{{{quoted(one)}}}" for one in of(kind.element)[:3]))
        case _:
            return _BY_NAME.get(kind.name, _UNKNOWN)


def quoted(text: str) -> str:
    """An element of an array, a range or a composite."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def within(condition: str, *, textual: bool) -> tuple[str, ...]:
    """What a condition itself speaks of, and its neighbours.

    Args:
        condition: An expression as the server prints it.
        textual: Whether it is a text that is looked for; a number may then be its length.
    """
    found: dict[str, None] = {}
    for match in _QUOTED.finditer(condition):
        found[match[1].replace("''", "'")] = None
    for match in _NUMBER.finditer(_QUOTED.sub("''", condition)):
        found |= dict.fromkeys(_around(match[0], textual=textual))
    return tuple(found)


def _around(number: str, *, textual: bool) -> Iterable[str]:
    if not number.lstrip("-").isdigit():
        return (number,)
    value = int(number)
    near = (value, value + 1, value - 1)
    if not textual:
        return [str(one) for one in near]
    return ["s" * one for one in near if 0 < one <= _LONGEST]


def changed(texts: Sequence[str]) -> tuple[str, ...]:
    """Values that are there, and others much like them."""
    near = [
        other
        for text in texts
        for other in (f"{text[:-1]}z", f"{text[:-1]}9", f"{text}1", f"{text}x", f"x{text}")
    ]
    return (*near, *texts)
