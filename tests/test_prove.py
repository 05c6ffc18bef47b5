"""The proof on an output of one file: what the rollbacks leave, alone and all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import layout, pipeline, prove
from consolidate.model import CheckStatus
from tests import engines

if TYPE_CHECKING:
    from pathlib import Path

    from consolidate.model import Check
    from consolidate.pipeline import Consolidated, Job

pytestmark = pytest.mark.pg

GRANTED = "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, Consolidated]:
    folder: Path = tmp_path_factory.mktemp("prove") / "legacy"
    folder.mkdir()
    (folder / "1_keys.sql").write_text("CREATE TABLE keys (id integer PRIMARY KEY);\n")
    job = pipeline.prepare(pipeline.Request(folder=folder, servers=("embedded://18",)))
    return job, engines.consolidated(job)


def rollback(made: tuple[Job, Consolidated], **changed: str) -> Check:
    """The check of the rollbacks where some files are others; an empty one is missing."""
    job, done = made
    files = {"each": layout.rollback_of(layout.in_order(done.tree)[0]), "all": layout.EMERGENCY}
    tree = {**done.tree, **{files[name]: text for name, text in changed.items()}}
    verdict = prove.prove(
        done.truth, {path: text for path, text in tree.items() if text}, job.servers[0]
    )
    (check,) = [check for check in verdict.checks if check.name == "rollback"]
    assert [one for one in verdict.checks if one.status is not CheckStatus.PASSED] in ([], [check])
    return check


def told(check: Check) -> list[str]:
    return [f"{one.object} {one.attribute}".strip() for one in check.differences]


def test_rollbacks_that_take_all_back_pass(made: tuple[Job, Consolidated]) -> None:
    check = rollback(made)
    assert check.status is CheckStatus.PASSED
    assert check.reason == "1 rollback, up again, and all at once compared"


def test_what_a_rollback_leaves_is_told_with_its_file(made: tuple[Job, Consolidated]) -> None:
    check = rollback(made, each=f"DROP TABLE keys;\n{GRANTED}")
    assert check.status is CheckStatus.FAILED
    left, *again = told(check)
    assert left.endswith(f"(after {layout.rollback_of(layout.in_order(made[1].tree)[0])})")
    assert [one for one in again if one.startswith("table public.keys ")]
    assert all(one.endswith("(after up again)") for one in again)


def test_what_all_at_once_leaves_is_told_and_what_comes_of_it(
    made: tuple[Job, Consolidated],
) -> None:
    check = rollback(made, all=f"DROP TABLE keys;\n{GRANTED}")
    left, again = told(check)
    assert check.status is CheckStatus.FAILED
    assert left.endswith(f"(after {layout.EMERGENCY})")
    assert again.startswith("table public.keys ")
    assert again.endswith("(after up again)")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no such file"),
        ("DROP TABLE nothing;\n", 'table "nothing" does not exist'),
        ("SELECT 1;\n", "already holds what these migrations make: public.keys"),
    ],
)
def test_what_is_refused_is_told(text: str, said: str, made: tuple[Job, Consolidated]) -> None:
    check = rollback(made, all=text)
    assert check.status is CheckStatus.FAILED
    assert said in (check.differences[-1].right or "")
    assert check.differences[-1].object.kind == "file"
