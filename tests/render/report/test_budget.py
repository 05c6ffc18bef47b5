from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consolidate.report.budget import Section, fitted


def section(title: str, *lines: str, weight: int = 1, folded: bool = True) -> Section:
    return Section(title=title, lines=lines, weight=weight, rest="`rest` has them", folded=folded)


def table(title: str, *lines: str, weight: int = 1) -> Section:
    return Section(
        title=title, lines=lines, weight=weight, rest="see `rest`", head="| A |\n| --- |"
    )


def test_what_fits_is_whole() -> None:
    text = fitted("Head\n", [section("One", "- a", "- b"), section("Two", folded=False)], 1000)
    assert text == (
        "Head\n\n<details>\n<summary>One</summary>\n\n- a\n- b\n\n</details>\n\n### Two\n"
    )


def test_lines_are_left_out_from_the_end_and_counted() -> None:
    text = fitted("", [table("One", *(f"| {n} |" for n in range(100)))], 200)
    shown = re.findall(r"^\| (\d+) \|$", text, re.MULTILINE)
    assert shown == [str(n) for n in range(len(shown))]
    assert 0 < len(shown) < 100
    assert f"\n{100 - len(shown)} more lines left out here: see `rest`.\n" in text


def test_a_table_without_rows_has_no_head() -> None:
    text = fitted("", [table("One", *(f"| {n} |" for n in range(100)))], 90)
    assert "| A |" not in text
    assert "100 more lines left out here: see `rest`.\n\n</details>\n" in text


def test_the_lightest_section_is_shortened_first_and_the_rest_only_then() -> None:
    lines = [f"- line {n}" for n in range(50)]
    sections = [
        section("Heavy", *lines, weight=3),
        section("Light", *lines, weight=1),
        section("Middle", *lines, weight=2),
    ]
    whole = len(fitted("", sections, 10**6).encode())
    light = fitted("", sections, whole - 100)
    assert _left(light) == {"Light"}
    assert _left(fitted("", sections, whole - 700)) == {"Light", "Middle"}
    assert _left(fitted("", sections, whole - 1200)) == {"Light", "Middle", "Heavy"}


def _left(text: str) -> set[str]:
    blocks = re.findall(r"<summary>(\w+)</summary>\n(.*?)</details>", text, re.DOTALL)
    return {title for title, block in blocks if "left out here" in block}


def test_one_line_that_is_shorter_than_its_absence_stays() -> None:
    text = fitted("x" * 100, [section("One", "- a")], 50)
    assert "- a" in text


SECTIONS = st.lists(
    st.builds(
        Section,
        title=st.sampled_from(["One", "Two", "Three"]),
        lines=st.lists(
            st.text(max_size=40).map(lambda t: "- " + " ".join(t.split())), max_size=60
        ).map(tuple),
        weight=st.integers(0, 5),
        rest=st.just("`rest` has them"),
        intro=st.sampled_from(["", "An intro."]),
        head=st.just(""),
        folded=st.booleans(),
    ),
    max_size=8,
)


@given(SECTIONS, st.integers(0, 6000))
def test_whatever_there_is_fits_and_no_line_is_cut(sections: list[Section], more: int) -> None:
    least = len(fitted("Head", sections, 0).encode())
    text = fitted("Head", sections, least + more)
    assert len(text.encode()) <= least + more
    known = {line for one in sections for line in one.lines}
    assert {line for line in text.split("\n") if line.startswith("- ")} <= known
    kept = sum(line.startswith("- ") for line in text.split("\n"))
    left = sum(
        int(number) for number in re.findall(r"^(\d+) more lines? left out", text, re.MULTILINE)
    )
    assert kept + left == sum(len(one.lines) for one in sections)
    assert text.count("<details>") == text.count("</details>")


@pytest.mark.parametrize("budget", [300, 500, 900])
def test_the_budget_is_in_bytes(budget: int) -> None:
    text = fitted("", [section("One", *["- ä€😀"] * 100)], budget)
    assert budget - 40 < len(text.encode()) <= budget
