"""Identifiers and constants as PostgreSQL spells them: quoting, folding, taking apart.

All of it is text in, text out; what a name refers to is decided elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pglast.keywords import COL_NAME_KEYWORDS, RESERVED_KEYWORDS, TYPE_FUNC_NAME_KEYWORDS

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_QUOTED_WORDS = COL_NAME_KEYWORDS | RESERVED_KEYWORDS | TYPE_FUNC_NAME_KEYWORDS
_PART = re.compile(r'"((?:[^"]|"")+)"|([^\s".(),]+)')
_SIGNED = re.compile(r'"(?:[^"]|"")*"|(?:(?<=[(,])|(?<= AS ))pg_catalog\.')
_MAX_BYTES = 63  # NAMEDATALEN - 1
_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@lru_cache(maxsize=1 << 16)
def quote(name: str) -> str:
    """The name as SQL can say it, in double quotes only where they are needed.

    It is `quote_ident()`: everything but unreserved keywords is quoted, so that the result is an
    identifier wherever PostgreSQL's grammar allows one.
    """
    if _PLAIN.fullmatch(name) and name not in _QUOTED_WORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def fold(token: str) -> str:
    """The name that an identifier token stands for.

    PostgreSQL folds only A to Z of an unquoted identifier in a UTF8 database, and cuts every
    identifier to 63 bytes at a character's end.
    """
    quoted = len(token) > 1 and token.startswith('"') and token.endswith('"')
    name = token[1:-1].replace('""', '"') if quoted else token.translate(_ASCII_LOWER)
    if name.isascii():
        return name[:_MAX_BYTES]
    return name.encode()[:_MAX_BYTES].decode(errors="ignore")


def as_typed(text: str) -> str:
    """A text with the types of its signatures as people type them: `f(uuid)`.

    `pg_identify_object()` spells them in full, `f(pg_catalog.uuid)`, but for those that the SQL
    standard names, such as `integer`.
    """
    if "pg_catalog." not in text:
        return text
    return _SIGNED.sub(lambda found: found[0] if found[0].startswith('"') else "", text)


def split(identity: str) -> tuple[str, ...]:
    """The parts of a dotted name, without their quotes; a routine's signature is left away.

    Raises:
        ValueError: It is no dotted name as `pg_identify_object()` prints one.
    """
    parts = []
    at = 0
    while part := _PART.match(identity, at):
        parts.append(part[2] or part[1].replace('""', '"'))
        at = part.end()
        if not identity.startswith(".", at):
            break
        at += 1
    else:
        raise ValueError(f"{identity!r} is not a dotted name")
    if at < len(identity) and identity[at] != "(":
        raise ValueError(f"{identity!r} is not a dotted name")
    return tuple(parts)


def literal(text: str) -> str:
    r"""The text as a string constant.

    It is `quote_literal()`: a text with a backslash becomes an `E''` constant, which means the
    same under either setting of `standard_conforming_strings`.
    """
    quoted = "'" + text.replace("'", "''") + "'"
    return f"E{quoted}".replace("\\", "\\\\") if "\\" in text else quoted


def slug(text: str) -> str:
    """A name for a file: lower-case ASCII letters, digits and single underscores."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "unnamed"


def parted(identity: str, separator: str) -> tuple[str, str]:
    """What stands before and behind the last separator outside of quotes.

    Both are empty and the whole, respectively, where there is none, as with `str.rpartition`.
    """
    if '"' not in identity:
        before, _, behind = identity.rpartition(separator)
        return before, behind
    quoted = False
    found = -1
    for position, character in enumerate(identity):
        quoted ^= character == '"'
        if not quoted and identity.startswith(separator, position):
            found = position
    return (identity[:found], identity[found + len(separator) :]) if found >= 0 else ("", identity)


def retagged(text: str, tag: str) -> str:
    """A block between tags of its own that stand nowhere within it."""
    body = text.partition(f"DO ${tag}$")[2].rpartition(f"${tag}$;")[0]
    own = tag
    while f"${own}$" in body:
        own += "_"
    return text.replace(f"DO ${tag}$", f"DO ${own}$", 1).removesuffix(f"${tag}$;") + f"${own}$;"
