"""What comments ask of the audit, of any comment that is nearly right."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consolidate.audit.directives import directives, may_have

PIECES = (
    *("consolidate", "Consolidate", "consoldiate", ":", " ", "\t", "ignore", "IGNORE", "ingore"),
    *("ignore-file", "CON210", "con210", "CON", "CON-2", ",", " and ", ";", "\n", "(", "=", "why"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_the_right_form_that_is_told_is_right(text: str) -> None:
    for one in directives(text, 0, len(text)):
        assert may_have(text) or "consoldiate" in text
        assert one.codes or one.wrong
        _, told, right = one.wrong.partition("; the right form is: ")
        if told and "CODE" not in right:
            (again,) = directives(right, 0, len(right))
            assert (again.wrong, again.whole_file) == ("", one.whole_file)
