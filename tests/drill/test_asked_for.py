"""A full drill is a check of the verdict, and a database is placed among the files of an output."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
import pytest

from consolidate import files, layout, pipeline
from consolidate.cli import placing
from consolidate.cli.options import Answer, Format
from consolidate.depth import Depth
from consolidate.model import CheckStatus
from tests import engines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from consolidate.model import Check
    from consolidate.pipeline import Consolidated, Job
    from consolidate.servers.interface import Cluster

pytestmark = pytest.mark.pg

SERVERS = ("embedded://18",)
KEYS = "CREATE TABLE keys (id integer PRIMARY KEY);\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Job, Consolidated]:
    """A folder `legacy`, what is made of it with a full drill, and the output on disk."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "legacy").mkdir()
    (folder / "legacy" / "1_keys.sql").write_text(KEYS)
    job = pipeline.prepare(
        pipeline.Request(folder=folder / "legacy", servers=SERVERS, drill=Depth.FULL)
    )
    done = engines.consolidated(job)
    files.write_tree(folder / "output", done.tree, legacy=folder / "legacy")
    return folder, job, done


def checks(made: tuple[Path, Job, Consolidated], tree: Mapping[str, str]) -> dict[str, Check]:
    _, job, done = made
    known = {job.servers[0].url: done.truth}
    (verdict,) = pipeline.prove_everywhere(job, tree, known, tuple, lambda _: None)
    found = {check.name: check for check in verdict.checks}
    against = [name for name, one in found.items() if one.status is not CheckStatus.PASSED]
    assert verdict.equivalent == (against == [])
    return found


def test_a_full_drill_is_a_check_that_finds_what_the_proof_does_not_try(
    made: tuple[Path, Job, Consolidated],
) -> None:
    tree = made[2].tree
    path = layout.rollback_of(layout.in_order(tree)[0])
    found = checks(made, {**tree, path: "DROP TABLE keys;\n"})
    assert list(found)[-1] == "drill"
    assert found["rollback"].status is CheckStatus.PASSED
    assert found["drill"].status is CheckStatus.FAILED
    assert [one.right for one in found["drill"].differences] == [
        "1 row of public.keys went without a word"
    ]


def test_it_is_not_tried_on_what_is_not_proven(made: tuple[Path, Job, Consolidated]) -> None:
    tree = made[2].tree
    found = checks(made, {**tree, layout.in_order(tree)[0]: "SELECT 1;\n"})
    assert found["drill"].status is CheckStatus.SKIPPED


@pytest.mark.parametrize(
    ("sql", "code", "after", "rows"),
    [(KEYS, 0, [1], "same"), ("CREATE TABLE keys (id bigint);", 1, [], "other")],
    ids=["after", "nowhere"],
)
def test_a_database_is_placed_among_the_files(  # noqa: PLR0913, PLR0917 - a case and its fixtures
    sql: str,
    code: int,
    after: list[int],
    rows: str,
    made: tuple[Path, Job, Consolidated],
    database: Callable[..., tuple[Cluster, str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder, _, done = made
    cluster, name = database(18, prelude=sql)
    where = psycopg.conninfo.conninfo_to_dict(cluster.dsn())
    url = f"postgresql://postgres:secret@/{name}?host={quote(str(where['host']))}"
    request = pipeline.Request(
        folder=folder / "legacy", output=folder / "output", servers=SERVERS, no_config=True
    )
    answered = placing.place(request, url, Answer(quiet=True, format=Format.JSON))
    told = json.loads(capsys.readouterr().out)
    assert (answered, told["after"], told["rows"]) == (code, after, rows)
    assert told["files"] == list(layout.in_order(done.tree))
    assert "secret" not in told["database"]
