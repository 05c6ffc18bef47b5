"""What is added to a configuration, and that nothing else of it changes."""

from __future__ import annotations

import pytest

from consolidate import yamlplaces
from consolidate.drafts.groups import Additions, DraftedGroup
from consolidate.drafts.insertion import inserted
from consolidate.errors import InputProblem

GROUP = DraftedGroup(
    name="keys", phase="01_b", version="20250101_000000", objects=("table s.k",), reason="one"
)
ONE = Additions(groups=(GROUP,))
TEXT = """\
  # one
  - name: keys
    phase: 01_b
    version: "20250101_000000"
    objects:
      - table s.k
"""


def flush(text: str) -> str:
    return "".join(line.removeprefix("  ") for line in text.splitlines(keepends=True))


@pytest.mark.parametrize(
    ("before", "added", "after"),
    [
        ("legacy: x\n", "\ngroups:\n" + TEXT, ""),
        ("groups:\n  - name: a  # it\n", "\n" + TEXT, "\n# end\n"),
        ("groups:\n  - name: a\n    # - more\n      # of it\n", "\n" + TEXT, "  # end\nb: 1\n"),
        ("groups:\n- name: a\n  x: [b,\n   c]\n", "\n" + flush(TEXT), "z: 2\n"),
        ("groups:\n- name: a\n  x: |\n    t\n\n    u\n", "\n" + flush(TEXT), "\nz: 2\n"),
        ("groups:\n  - name: a\n    title:\n", "\n" + TEXT, "z: 2\n"),
        ("z: 1\ngroups:  # none yet\n", "\n" + TEXT, "b: 1\n"),
        ("groups:\n", "\n" + TEXT, ""),
        ("groups:\r\n  - name: a\r\n", ("\n" + TEXT).replace("\n", "\r\n"), "b: 1\r\n"),
    ],
)
def test_groups_are_added_at_the_end_of_the_list_and_all_else_stays(
    before: str, added: str, after: str
) -> None:
    assert inserted(before + after, ONE, "m.yaml") == before + added + after


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("legacy: x", f"legacy: x\n\ngroups:\n{TEXT}"),
        ("groups:\n  - name: a", f"groups:\n  - name: a\n\n{TEXT}"),
        ("groups: []\nb: 1\n", f"groups:\n\n{TEXT}b: 1\n"),
        ("groups: ~  # yet\nb: 1\n", f"groups:  # yet\n\n{TEXT}b: 1\n"),
        ("groups: [\n]\n", f"groups:\n\n{TEXT}"),
        ("groups: []", f"groups:\n\n{TEXT}"),
    ],
)
def test_a_line_is_ended_and_an_empty_list_gives_way(text: str, found: str) -> None:
    assert inserted(text, ONE, "m.yaml") == found


def test_several_groups_are_parted_by_blank_lines() -> None:
    found = inserted("groups: []\n", Additions(groups=(GROUP, GROUP)), "m.yaml")
    assert found == f"groups:\n\n{TEXT}\n{TEXT}"
    value = yamlplaces.read(found).value
    assert isinstance(value, dict)
    assert (
        value["groups"]
        == [
            {
                "name": "keys",
                "phase": "01_b",
                "version": "20250101_000000",
                "objects": ["table s.k"],
            }
        ]
        * 2
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [("groups: [{name: a}]\n", "1:1"), ("{groups: []}\n", "1:2"), ("{a: b}\n", "1:1")],
)
def test_what_is_written_in_brackets_is_told(text: str, place: str) -> None:
    with pytest.raises(InputProblem) as caught:
        inserted(text, ONE, "m.yaml")
    assert caught.value.problems == (f"m.yaml:{place}: groups",)


OBJECTS = ("table s.b", "function s.f")
AS_LINES = "- table s.b\n{}- function s.f\n"
QUOTED = '"table s.b", "function s.f"'


@pytest.mark.parametrize(
    ("before", "added", "after"),
    [
        ("groups:\n  - name: a\n    objects:\n      - s.a  # it\n", "      ", "    phase: x\n"),
        ("groups:\n- name: a\n  objects:\n  - s.a\n", "  ", "\n- name: b\n"),
        ("groups:\n- name: a\n  objects: [s.a", f", {QUOTED}", "]\n  phase: x\n"),
        ("groups:\n- name: a\n  objects: [", QUOTED, "]\n"),
        ("groups: [{name: a, phase: x", f", objects: [{QUOTED}]", "}, {name: b}]\n"),
        ("groups:\n  - name: a\n    phase: x  # it\n", "    objects:\n      ", "  - name: b\n"),
    ],
)
def test_what_joins_a_group_is_added_to_its_list_and_all_else_stays(
    before: str, added: str, after: str
) -> None:
    if QUOTED not in added:
        added += AS_LINES.format(added.rpartition("\n")[2])
    more = Additions(joining={"a": OBJECTS})
    assert inserted(before + after, more, "m.yaml") == before + added + after


def test_groups_and_what_joins_them_are_added_at_once() -> None:
    text = "groups:\r\n- name: a\r\n  objects: [s.a]\r\n- name: b\r\n  objects:\r\n  - s.b"
    more = Additions(groups=(GROUP,), joining={"b": OBJECTS[:1], "a": OBJECTS[1:]})
    expected = (
        'groups:\n- name: a\n  objects: [s.a, "function s.f"]\n- name: b\n  objects:\n  - s.b\n'
        f"  - table s.b\n\n{flush(TEXT)}"
    )
    assert inserted(text, more, "m.yaml") == expected.replace("\n", "\r\n")
