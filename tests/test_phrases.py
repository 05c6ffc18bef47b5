from __future__ import annotations

import pytest

from consolidate import phrases


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("caf\u00e9 \u4e2d \U0001f600", "caf\u00e9 \u4e2d \U0001f600"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("\x1b[31m\x07\x7f", r"\x1b[31m\x07\x7f"),
        ("\x85\x9b\xa0", r"\u0085\u009b\u00a0"),
        ("\u202eabc\u2028\ufeff", r"\u202eabc\u2028\ufeff"),
        ("\U000e0041", r"\U000e0041"),
        (b"\x80\xff".decode(errors="surrogateescape"), r"\x80\xff"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_can_not_be_printed_is_spelled_as_a_shell_takes_it(text: str, seen: str) -> None:
    assert phrases.one_line(text) == seen


def test_each_line_of_a_text_stays_one() -> None:
    assert phrases.one_line_each("a\x1b\nb\r\n") == "a\\x1b\nb\\r\n"
