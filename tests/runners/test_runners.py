"""One project per runner: recognised, read in the runner's order, proven; and refused when broken.

A case is a folder with `history/`, `broken/` and a `case.yaml` that says what must be seen.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from consolidate import history, pipeline, statements
from consolidate.errors import InputProblem
from consolidate.model import Runner
from tests.engines import consolidated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.model import History

CASES = Path(__file__).parent
NAMES = sorted(folder.name for folder in CASES.iterdir() if (folder / "case.yaml").is_file())


def _told(name: str) -> Mapping[str, Any]:
    told = YAML(typ="safe").load(CASES / name / "case.yaml")
    assert isinstance(told, dict)
    return told


def _folder(name: str, kind: str) -> Path:
    return CASES / name / kind / str(_told(name).get("folder", ""))


def _bare(read: History) -> list[str] | str:
    bare = [migration.path for migration in read.migrations if not migration.transactional]
    return "all" if len(bare) == len(read.migrations) else bare


@pytest.mark.parametrize("name", NAMES)
def test_a_project_is_recognised_and_read_in_its_runners_order(name: str) -> None:
    told = _told(name)
    read = history.read(_folder(name, "history"))
    assert (read.runner, read.recognised) == (told["runner"], told["recognised"])
    assert [migration.path for migration in read.migrations] == told["files"]
    assert [m.down.path for m in read.migrations if m.down] == told.get("down", [])
    assert _bare(read) == told.get("bare", [])
    found = [f"{f.code} {f.span}" if f.span else f.code for f in read.findings]
    assert found == told.get("findings", [])
    assert read.server_major == told.get("server_major")


@pytest.mark.parametrize("name", NAMES)
def test_no_character_of_a_down_part_is_applied(name: str) -> None:
    for migration in history.read(_folder(name, "history")).migrations:
        file = (_folder(name, "history") / migration.path).read_text(encoding="utf-8")
        assert len(migration.text) == len(file)
        assert "DROP" not in migration.text
        if migration.down and migration.down.path == migration.path:
            assert "DROP" in migration.down.text
            both = zip(migration.text, migration.down.text, strict=True)
            assert all(up.isspace() or down.isspace() for up, down in both)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_runner_would_not_take_is_refused_with_every_place(name: str) -> None:
    with pytest.raises(InputProblem) as caught:
        statements.parse_all(history.read(_folder(name, "broken")))
    assert list(caught.value.problems) == _told(name)["errors"]
    assert caught.value.hint


@pytest.mark.pg
@pytest.mark.parametrize("name", NAMES)
def test_a_project_is_proven_without_configuration(name: str) -> None:
    request = pipeline.Request(folder=_folder(name, "history"), servers=("embedded://18",))
    job = pipeline.prepare(request)
    built = consolidated(job)
    known = {job.servers[0].url: built.truth}
    (verdict,) = pipeline.prove_everywhere(job, built.tree, known, tuple, lambda _: None)
    assert [str(difference) for difference in verdict.differences] == []
    assert [check.name for check in verdict.checks if check.status != "passed"] == []


def test_every_runner_has_a_case() -> None:
    assert {_told(name)["runner"] for name in NAMES} == set(Runner)
    assert set(history.CONVENTIONS) == set(Runner)
