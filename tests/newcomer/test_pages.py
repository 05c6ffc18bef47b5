"""The comparison of a page with what was said fails in every way in which a page can be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.newcomer import clone, pages
from tests.newcomer.pages import Step

if TYPE_CHECKING:
    from pathlib import Path

SAID = "first\n\nsecond 2 s\nthird\n"


@pytest.mark.parametrize(
    "shown",
    [
        ("first", "", "second 2 s", "third"),
        ("first", "", "second … s", "third"),
        ("…",),
        ("first", "…"),
        ("…", "third"),
        ("first", "…", "third", "…"),
    ],
)
def test_what_is_shown_and_said_agrees(shown: tuple[str, ...]) -> None:
    assert pages.disagreement(shown, SAID) == ""


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (("first", "", "second 3 s", "third"), "not said there: second 3 s"),
        (("first", "second 2 s", "third"), "not said there: second 2 s"),
        (("…", "third", "…", "first", "…"), "not said there: first"),
        (("…", "third", "fourth"), "not said there: fourth"),
        (("first", "", "second 2 s"), "more was said than is shown"),
        (("irst", "…"), "not said there: irst"),
        ((), "more was said than is shown"),
    ],
)
def test_a_line_that_is_wrong_missing_or_out_of_order_is_told(
    shown: tuple[str, ...], told: str
) -> None:
    assert pages.disagreement(shown, SAID) == told


def test_the_commands_of_a_page_are_found_with_what_they_answer() -> None:
    page = (
        "# Page\n\n```console\n$ one\n1\n…\n$ two\n```\n\n```yaml\nthree: 3\n```\n\n"
        "```sh\ncat > four <<'END'\n$ five\nEND\n```\n"
    )
    assert pages.steps(page) == (
        Step(line=4, typed="one", shown=("1", "…")),
        Step(line=7, typed="two", shown=()),
        Step(line=15, typed="cat > four <<'END'\n$ five\nEND", shown=()),
    )


def test_a_block_that_begins_with_no_command_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2: the block does not begin with a command"):
        pages.steps("```console\nwhat?\n$ one\n```\n")


def test_each_command_of_one_shell_has_its_own_answer(tmp_path: Path) -> None:
    place = clone.Clone(folder=tmp_path, home=tmp_path / "home")
    typed = ("cd /; false", "echo $?; pwd", "printf no-line-end", "echo apart >&2", "echo $HOME")
    steps = [Step(line=1, typed=line, shown=()) for line in typed]
    answers = [(answer.out, answer.err) for answer in place.typed(steps, {})]
    home = f"{place.home}\n"
    assert answers == [("", ""), ("1\n/\n", ""), ("no-line-end", ""), ("", "apart\n"), (home, "")]


def test_a_command_that_ought_to_be_quiet_is_held_to_its_complaints() -> None:
    answer = clone.Answer(out="", err="rm: there is no such file\n")
    assert pages.disagreement((), answer.told(quiet=True)) == "more was said than is shown"
    assert pages.disagreement((), answer.told(quiet=False)) == ""


def test_nothing_of_this_test_run_reaches_the_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{clone.ROOT / '.venv/bin'}:/usr/bin:/bin")
    monkeypatch.setenv("PIP_TIMEOUT", "60")
    monkeypatch.setenv("CONSOLIDATE_OUTPUT", "elsewhere")
    environment = clone.Clone(folder=tmp_path, home=tmp_path / "home").environment()
    assert environment["PATH"] == "/usr/bin:/bin"
    assert environment["PIP_TIMEOUT"] == "60"
    assert environment["HOME"] == str(tmp_path / "home")
    assert [name for name in environment if name.startswith(("PYTEST", "CONSOLIDATE"))] == []


def test_a_clone_tells_what_was_changed_made_and_ignored(tmp_path: Path) -> None:
    place = clone.fresh(tmp_path)
    assert (place.changed(), place.ignored()) == ([], set())
    (place.folder / "README.md").write_text("mine", encoding="utf-8")
    (place.folder / "LICENSE").unlink()
    (place.folder / "mine.yaml").touch()
    (place.folder / ".work").mkdir()
    (place.folder / ".work/made").touch()
    (place.folder / "tests/__pycache__").mkdir()
    (place.folder / "tests/__pycache__/made.pyc").touch()
    assert place.changed() == ["LICENSE", "README.md", "mine.yaml"]
    assert place.ignored() == {".work", "__pycache__"}
