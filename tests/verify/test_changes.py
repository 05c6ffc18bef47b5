"""One changed word in the output makes the database checks say no, and name the object."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from consolidate import pipeline, prove
from consolidate.model import CheckStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.model import Difference

    from .conftest import Change, Sample

pytestmark = [pytest.mark.pg, pytest.mark.xdist_group("sample")]


def _named(found: Iterable[Difference]) -> list[str]:
    """The objects that differ, without those that only the dump spells."""
    return [str(d.object) for d in found if d.object.kind != "dump"]


def _spelled(name: str, tree: Mapping[str, str]) -> str:
    """The object's name; a file's glob becomes the one path that it fits."""
    kind, _, glob = name.partition(" ")
    if kind != "file":
        return name
    (path,) = [path for path in tree if fnmatchcase(path, glob)]
    return f"file {path}"


def test_the_unchanged_output_is_proven(sample: Sample) -> None:
    assert sample.made.unsettled == ()
    verdict = prove.prove(sample.made.truth, sample.made.tree, sample.job.servers[0])
    assert verdict.differences == ()
    assert [(check.name, check.status) for check in verdict.checks] == [
        ("facts", CheckStatus.PASSED),
        ("dump", CheckStatus.PASSED),
        ("rollback", CheckStatus.PASSED),
        ("rows", CheckStatus.PASSED),
    ]


def test_a_changed_word_is_told_with_its_object(sample: Sample, change: Change) -> None:
    tree = sample.changed([change])
    verdict = sample.proven(change.build)
    wanted = _spelled(change.object, tree)
    found = [d for d in verdict.differences if str(d.object) == wanted]
    assert not verdict.equivalent
    assert found
    if change.after:
        assert fnmatchcase(found[0].attribute, f"*(after {change.after})")


def test_nothing_is_told_but_what_was_changed(sample: Sample, build: str) -> None:
    changes = [change for change in sample.changes if change.build == build]
    wanted = [
        _spelled(name, sample.made.tree)
        for change in changes
        for name in (change.object, *change.also)
    ]
    assert len(set(wanted)) == len(wanted), "two changes of one build share an object"
    assert set(_named(sample.proven(build).differences)) == set(wanted)


def test_the_manifest_itself_says_nothing_once_it_is_hashed_again(sample: Sample) -> None:
    for change in sample.changes:
        changed = change.applied(sample.made.tree)
        hashed = sample.changed([change])
        assert pipeline.manifest_check(sample.job, changed).status is CheckStatus.FAILED
        assert pipeline.manifest_check(sample.job, hashed).status is CheckStatus.PASSED


def test_every_file_that_is_applied_has_a_change(sample: Sample) -> None:
    tree = sample.made.tree
    touched = {
        path
        for change in sample.changes
        for path, text in change.applied(tree).items()
        if text != tree[path]
    }
    assert set(prove.in_order(tree)) - touched == set()
    assert prove.EMERGENCY in touched


def test_a_change_that_fits_nowhere_or_twice_is_an_error(sample: Sample) -> None:
    change = sample.changes[0]
    twice = dict(sample.made.tree)
    twice |= {f"migrations/01_core_tables/0{n}_people_tables.sql": "phone text" for n in (1, 2)}
    for tree in (twice, {}):
        with pytest.raises(LookupError, match="stands not once"):
            change.applied(tree)
