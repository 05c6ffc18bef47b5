"""Texts that are nearly SQL: real statements with pieces taken out, doubled, swapped and put in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pglast
from hypothesis import strategies as st

from tests.effects.test_grammar import NOT_RUN_BY_THE_SERVER_TESTS

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

HERE = Path(__file__).parent
_FILES = (
    HERE.parent / "effects" / "identities.sql",
    HERE.parent / "effects" / "rarer.sql",
    HERE / "odd.sql",
)
_TOKEN = re.compile(r"\$\$.*?\$\$|'[^']*'|\"[^\"]*\"|\w+|\s+|.", re.DOTALL)


def _statements() -> tuple[str, ...]:
    texts = [path.read_text() for path in _FILES]
    found = (one for text in (*texts, NOT_RUN_BY_THE_SERVER_TESTS) for one in pglast.split(text))
    return tuple(dict.fromkeys(found))


STATEMENTS = _statements()
"""What is known to be read."""

_PIECES = tuple(
    sorted({token for one in STATEMENTS for token in _TOKEN.findall(one) if not token.isspace()})
)
_ODD = (
    *("'", '"', "$$", "$a$", "/*", "*/", "--", "\n", "\\", "\\.", "\\d t\n", "\\if :x\n", ":x"),
    *("\\endif\n", "\\set x 'y'\n", "\\i a.sql\n", "\\copy t from stdin\n1\n\\.\n"),
    *("\\gexec\n", "copy t from stdin;\n1\t2\n\\.\n", "copy (select 1) to stdout;", "\0"),
    *("\ufeff", "é", "\u017f", "\u2028", "😀", "İ", "\r", "\x7f", "U&'\\0041'", 'U&"\\00e9"'),
    *("E'\\'", "e'\\\\'", "b'01'", "x'FF'", "1e", "1_000", "$1", "::", ":=", "=>", "%rowtype"),
    *("%type", "[", "]", "(", ")", ",", ";", ".", "..", "*", "@", "#", "''''", "%1$s", "null"),
    *("begin atomic select 1; end", "begin", "commit", "rollback", "savepoint a", "rollback to a"),
    *("cascade", "if not exists", "if exists", "only", "default", "execute 'drop table ' || x"),
    "execute format('%I %s %L %%', 'a', b)",
)


def pieces() -> SearchStrategy[list[tuple[str, str]]]:
    """The pieces of a file, each with what stands behind it."""
    piece = st.one_of(
        *[_changed()] * 3, st.sampled_from(STATEMENTS), st.sampled_from(_ODD), st.text()
    )
    between = st.sampled_from((";", ";\n", ";\n", ";\n", "\n", " ", ""))
    return st.lists(st.tuples(piece, between), min_size=1, max_size=8)


@st.composite
def _changed(draw: DrawFn) -> str:
    """A statement after a few changes."""
    tokens = _TOKEN.findall(draw(st.sampled_from(STATEMENTS)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(tokens) - 1, 0)))
        match draw(st.integers(0, 4)):
            case 0:
                del tokens[at : at + 1]
            case 1:
                tokens[at : at + 1] = tokens[at : at + 1] * 2
            case 2:
                tokens[at : at + 1] = [draw(st.sampled_from(_PIECES))]
            case 3:
                tokens.insert(at, f" {draw(st.sampled_from(_PIECES))} ")
            case _:
                tokens.insert(at, draw(st.sampled_from(_ODD)))
    return "".join(tokens)
