from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from consolidate import markdown
from consolidate.phrases import one_line


def cells(text: str) -> list[list[tuple[str, str]]]:
    """What a browser would show in each cell of the one row: kinds and contents."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [
        [(child.type, child.content) for child in token.children or ()]
        for token in tokens
        if token.type == "inline"
    ][2:]


def shown(cell: str) -> list[list[tuple[str, str]]]:
    """The same, of a table that has it twice."""
    return cells(markdown.table(("A", "B"), [(cell, cell)]))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a|b", r"a\|b"),
        ("*a* _b_ `c` [d](e)", r"\*a\* \_b\_ \`c\` \[d\](e)"),
        ("<script>", r"\<script\>"),
        ("a & b &lt; &copy;", r"a & b \&lt; \&copy;"),
        ("$x$ ~~y~~", r"\$x\$ \~\~y\~\~"),
        ("@team #12 # @", "@<!-- -->team #<!-- -->12 # @"),
        ("a\nb\x1b", r"a\\nb\\x1b"),
    ],
)
def test_text_is_escaped_where_it_means_something(text: str, written: str) -> None:
    assert markdown.cell(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a", "`a`"),
        ("a|b", r"`a\|b`"),
        ("a`b", "`` a`b ``"),
        ("``a``", "``` ``a`` ```"),
        ("<b>\n", r"`<b>\n`"),
    ],
)
def test_code_is_fenced_by_more_than_it_holds(text: str, written: str) -> None:
    assert markdown.code(text) == written


@given(st.text(max_size=40).map(lambda text: f"x{text}x"))
def test_any_text_in_a_cell_is_shown_as_it_is(text: str) -> None:
    first, second = shown(markdown.cell(text))
    assert first == second
    told = "".join(content for kind, content in first if kind in {"text", "text_special"})
    assert told == one_line(text)
    assert {content for kind, content in first if kind == "html_inline"} <= {"<!-- -->"}


@given(st.text(max_size=40).map(lambda text: f"x{text}x"))
def test_any_name_in_a_code_span_is_shown_as_it_is(text: str) -> None:
    assert shown(markdown.code(text)) == [[("code_inline", one_line(text))]] * 2
