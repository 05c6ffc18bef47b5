"""Somebody with a fresh clone and an empty HOME gets from each page's commands what it shows."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.newcomer import clone, pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WALKED = ("README.md", "docs/tutorial.md")
"""In the order in which a newcomer reads them, in one clone."""

FEW_TESTS = {"PYTEST_ADDOPTS": "tests/repository tests/test_names.py"}
"""`make test` of the README is typed as it stands, but would run this very test within itself. So
pytest is told to stay with these; continuous integration runs all of them in a fresh clone."""

CACHES = {".cache", ".rustup"}
"""What may be in HOME afterwards: caches, and the settings that rustup writes, where it is
installed, when pip asks `rustc` for its version, which pip does to tell the index who it is."""

IGNORED = {".venv", ".work", ".pytest_cache", ".hypothesis", "__pycache__"}
"""What may be new in the clone, of what git ignores: `make clean` removes all of it."""

pytestmark = pytest.mark.pg


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What the pages' commands answered, and the clone in which they ran."""

    place: clone.Clone
    said: Mapping[str, list[tuple[pages.Step, clone.Answer]]]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    place = clone.fresh(tmp_path_factory.mktemp("newcomer"))
    assert place.changed() == []
    assert place.ignored() == set()
    said = {}
    for name in WALKED:
        steps = pages.steps((place.folder / name).read_text(encoding="utf-8"))
        said[name] = list(zip(steps, place.typed(steps, FEW_TESTS), strict=True))
    yield Walk(place=place, said=said)
    shutil.rmtree(place.folder)  # its `.venv` has hundreds of megabytes


@pytest.mark.parametrize("name", WALKED)
def test_every_command_answers_what_the_page_shows(walk: Walk, name: str) -> None:
    told = [
        f"{name}:{step.line}: $ {step.typed}\n{differs}\n{answer.out}{answer.err}"
        for step, answer in walk.said[name]
        if (differs := pages.disagreement(step.shown, answer.told(quiet=not step.shown)))
    ]
    assert told == [], "\n".join(told)


def test_nothing_is_left_but_caches_and_what_git_ignores(walk: Walk) -> None:
    assert {path.name for path in walk.place.home.iterdir()} <= CACHES
    assert walk.place.changed() == []
    assert {".venv", ".work"} <= walk.place.ignored() <= IGNORED
