"""One changed word in the output makes the database checks say no, and name the object."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from consolidate import layout, pipeline, prove
from consolidate.model import CheckStatus
from tests.verify.changes import CHANGES, changed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from consolidate.verdict import Verdict
    from tests.sample_build import Sample
    from tests.verify.changes import Change

BUILDS = tuple(dict.fromkeys(change.build for change in CHANGES))


@pytest.fixture(scope="module")
def proven(sample: Sample) -> Callable[[str], Verdict]:
    """`proven("rows")` is what the database checks alone say of that build's changes."""
    known: dict[str, Verdict] = {}

    def prove_build(build: str) -> Verdict:
        if build not in known:
            tree = changed(sample.tree, (change for change in CHANGES if change.build == build))
            known[build] = prove.prove(sample.consolidated.truth, tree, sample.job.servers[0])
        return known[build]

    return prove_build


def _spelled(name: str, tree: Mapping[str, str]) -> str:
    """The object's name; a file's glob becomes the one path that it fits."""
    kind, _, glob = name.partition(" ")
    if kind != "file":
        return name
    (path,) = [path for path in tree if fnmatchcase(path, glob)]
    return f"file {path}"


def test_the_unchanged_output_is_proven(sample: Sample) -> None:
    assert sample.consolidated.unsettled == ()
    verdict = prove.prove(sample.consolidated.truth, sample.tree, sample.job.servers[0])
    assert verdict.differences == ()
    assert [(check.name, check.status) for check in verdict.checks] == [
        ("facts", CheckStatus.PASSED),
        ("projection", CheckStatus.PASSED),
        ("dump", CheckStatus.PASSED),
        ("rows", CheckStatus.PASSED),
        ("rollback", CheckStatus.PASSED),
    ]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_changed_word_is_told_with_its_object(
    change: Change, sample: Sample, proven: Callable[[str], Verdict]
) -> None:
    verdict = proven(change.build)
    wanted = _spelled(change.object, sample.tree)
    found = [d for d in verdict.differences if str(d.object) == wanted]
    assert not verdict.equivalent
    assert found
    if change.after:
        assert fnmatchcase(found[0].attribute, f"*(after {change.after})")


@pytest.mark.parametrize("build", BUILDS)
def test_nothing_is_told_but_what_was_changed(
    build: str, sample: Sample, proven: Callable[[str], Verdict]
) -> None:
    wanted = [
        _spelled(name, sample.tree)
        for change in CHANGES
        if change.build == build
        for name in (change.object, *change.also)
    ]
    assert len(set(wanted)) == len(wanted), "two changes of one build share an object"
    found = {str(d.object) for d in proven(build).differences if d.object.kind != "dump"}
    if build in {"rows", "schema"}:  # guards take changed rows for somebody else's
        found = {name for name in found if not name.startswith("file rollback/")}
    assert found == set(wanted)


def test_the_manifest_says_nothing_once_it_is_hashed_again(sample: Sample) -> None:
    for change in CHANGES:
        betrayed = pipeline.manifest_check(sample.job, change.applied(sample.whole))
        assert betrayed.status is CheckStatus.FAILED
        hashed = pipeline.manifest_check(sample.job, changed(sample.whole, [change]))
        assert hashed.status is CheckStatus.PASSED


def test_files_of_others_are_called_so(sample: Sample) -> None:
    tree = {**sample.whole, "NOTES.txt": "", "migrations/adhoc.sql": "", "REPORT.md": "edited"}
    check = pipeline.manifest_check(sample.job, tree)
    assert check.status is CheckStatus.FAILED
    assert check.reason == (
        "not written by this program, and to be moved away: NOTES.txt, migrations/adhoc.sql"
    )
    again = pipeline.reproducible(sample.whole, pipeline.ours(tree), 18)
    assert again.status is CheckStatus.PASSED


def test_every_file_that_is_applied_has_a_change(sample: Sample) -> None:
    touched = {
        path
        for change in CHANGES
        for path, text in change.applied(sample.tree).items()
        if text != sample.tree[path]
    }
    assert set(layout.in_order(sample.tree)) - touched == set()
    assert layout.EMERGENCY in touched


def test_a_change_that_fits_nowhere_or_twice_is_an_error() -> None:
    (change,) = [change for change in CHANGES if change.name == "a column's type"]
    file = "migrations/01_core_tables/1_people_tables.sql"
    assert change.applied({file: "phone text"}) == {file: "phone varchar"}
    for text in ("phone integer", "phone text, phone text"):
        with pytest.raises(LookupError, match="stands not once"):
            change.applied({file: text})
