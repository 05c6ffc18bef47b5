"""Every rollback of many small histories, alone: it leads back to where its file began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from consolidate import layout
from consolidate.drill import drill
from consolidate.empty_database import platform
from consolidate.servers import open_server
from tests.rollbacks.histories import CASES, FAMILIES, Case, Database, built, family

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from consolidate.pipeline import Consolidated
    from tests.rollbacks.histories import Taken

pytestmark = pytest.mark.pg

SERVER = "embedded://18"


@dataclass(frozen=True, slots=True)
class Family:
    """A family of cases, taken back."""

    done: Consolidated
    taken: Mapping[str, Taken]
    """By the name of the file."""
    left: tuple[str, ...]
    """What all at once leaves."""


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Family]:
    known: dict[str, Family] = {}

    def found(name: str) -> Family:
        if name not in known:
            done = built(family(name), tmp_path_factory.mktemp(name), SERVER)
            known[name] = _taken_back(name, done)
        return known[name]

    return found


def _taken_back(name: str, done: Consolidated) -> Family:
    with platform(open_server(SERVER), done.truth.prelude) as (_, connection):
        database = Database(done, connection)
        states = database.up()
        taken = {
            path.rpartition("/")[2].removesuffix(".sql"): database.taken_back(path, wanted)
            for path, wanted in reversed(list(zip(database.files, states, strict=True)))
        }
        left: tuple[str, ...] = ()
        if not any(one.irreversible for one in family(name)):
            for path in (*database.files, layout.EMERGENCY):
                database.apply(path)
            left = database.left(states[0])
        return Family(done, taken, left)


def _of(case: Case, families: Callable[[str], Family]) -> Taken:
    """What came of the rollback of a case's file; where the whole stands as it was, of its one."""
    taken = families(case.family).taken
    own = [one for name, one in taken.items() if name.endswith(f"_{case.slug}")]
    return own[0] if own else taken[next(name for name in taken if name.endswith("_whole_history"))]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rollback_leads_back_to_where_its_file_began(
    case: Case, families: Callable[[str], Family]
) -> None:
    taken = _of(case, families)
    if case.irreversible:
        assert {*case.irreversible.splitlines()} <= {*families(case.family).done.irreversible}
        what, _, _ = case.irreversible.partition(": ")
        names = {what, f"rows of {what.rpartition('.')[2]}"}
        assert [found for found in taken.differences if any(name in found for name in names)]
    else:
        assert {*case.lost.splitlines()} <= {*families(case.family).done.irreversible}
        assert taken.differences == ()
        assert {*taken.idle} <= {case.spare}, "a statement more than it takes"


@pytest.mark.parametrize("case", [case for case in CASES if case.back], ids=str)
def test_a_rollback_of_a_changed_row_says_no_more_than_what_was_changed(
    case: Case, families: Callable[[str], Family]
) -> None:
    tree = families(case.family).done.tree
    (back,) = (text for path, text in tree.items() if path.endswith(f"_{case.slug}_rollback.sql"))
    assert case.back in back


@pytest.mark.parametrize("name", FAMILIES)
def test_all_of_them_at_once_lead_back_to_the_platform(
    name: str, families: Callable[[str], Family]
) -> None:
    declared = [
        told for case in family(name) for told in (case.irreversible or case.lost).splitlines()
    ]
    assert sorted(families(name).done.irreversible) == sorted(declared)
    assert families(name).left == ()


@pytest.mark.parametrize("name", ["made", "rows", "whole"])
def test_with_rows_in_every_table_they_are_as_good(
    name: str, families: Callable[[str], Family]
) -> None:
    done = families(name).done
    assert drill(done.truth.prelude, done.tree, open_server(SERVER)).differences == ()


def test_there_are_many_and_no_two_are_alike() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 80
