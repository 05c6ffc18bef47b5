"""A history like many: base tables made in a dashboard, files that never parsed, much failing.

`page.txt` is what the program says of it; of its 63 files 19 apply from the empty database.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consolidate import manifest, pipeline
from consolidate.errors import InputProblem
from consolidate.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Project

HERE = Path(__file__).parent / "broken_history"
HISTORY = HERE / "history"
FILES = {file.name: file.read_bytes() for file in HISTORY.iterdir()}
PAGE = (HERE / "page.txt").read_text(encoding="utf-8")


def _named(page: str) -> set[str]:
    return set(re.findall(r"[\w]+\.sql", page)) - {"base.sql"}


@pytest.fixture
def broken(project: Callable[..., Project]) -> Project:
    made = project({})
    shutil.copytree(HISTORY, made.folder / "legacy")
    return made


@pytest.mark.pg
def test_as_it_is_one_page_tells_the_root_causes_and_the_next_commands(broken: Project) -> None:
    before = broken.files()
    ran = broken.run("run", "legacy", "--output", "output", "-q")
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr == PAGE
    assert {**broken.files(), "told": b""} == {**before, "told": b""}
    told = broken.run("run", "legacy", "--output", "output", "-q", "--format", "json")
    answer = json.loads(told.stdout)
    assert answer["format"] == "consolidate/error@1"
    assert [f"  {line}" for line in answer["problems"]] == PAGE.splitlines()[1:12]


@pytest.mark.pg
def test_set_aside_the_rest_is_proven_and_proven_again(broken: Project) -> None:
    ran = broken.run("run", "legacy", "--output", "output", "--quarantine", "auto", "-q")
    assert ran.returncode == 0, ran.stderr
    verdict = ran.stdout[ran.stdout.index("44 legacy files set aside") :]
    assert verdict.endswith("the legacy history less 44 files set aside builds.\n")
    aside = {line.strip() for line in verdict.splitlines() if line.startswith("    ")}
    assert len(aside) == 44
    assert _named(PAGE) - aside <= {"20240407_key_log.sql"}  # it is named for making what lacks
    output = broken.files("output")
    kept = {path.removeprefix("quarantine/"): data for path, data in output.items()}
    assert {name: kept[name] for name in aside} == {name: FILES[name] for name in aside}
    read = manifest.parse(output["manifest.json"].decode())
    assert {one.path for one in read.quarantine} == aside
    assert {known.path for known in read.inputs} == FILES.keys()
    readme = output["quarantine/README.md"].decode()
    assert all(f"| `{one.path}` | {one.reason} |" in readme for one in read.quarantine)
    again = broken.run("verify", "legacy", "--output", "output", "-q")
    assert again.returncode == 0, again.stdout + again.stderr
    broken.write("legacy/20240301_tickets.sql", "CREATE TABLE tickets ();\n")
    stale = broken.run("verify", "legacy", "--output", "output", "-q", "--format", "json")
    checks = {check["name"]: check for check in json.loads(stale.stdout)["checks"]}
    assert stale.returncode == 1
    assert checks["manifest"]["reason"] == "legacy files changed since: 20240301_tickets.sql"


@pytest.mark.pg
def test_what_a_prelude_supplies_is_no_reason_any_more(broken: Project) -> None:
    broken.write(
        "base.sql",
        "CREATE TABLE profiles (id uuid PRIMARY KEY, last_name text);\n"
        "CREATE ROLE dashboard_reader;\n",
    )
    ran = broken.run("plan", "legacy", "--prelude", "base.sql", "-q")
    assert ran.returncode == 3
    assert "profiles" not in _named(ran.stderr)
    assert "dashboard_reader" not in ran.stderr
    assert "table public.rooms is used by 9 files" in ran.stderr


@pytest.mark.pg
def test_a_file_that_is_set_aside_has_no_effect_not_even_what_it_had_committed(
    tmp_path: Path,
) -> None:
    (tmp_path / "1.sql").write_text("CREATE TABLE a (); SELECT 1 / 0;")
    (tmp_path / "2.sql").write_text("CREATE INDEX ON a ((1));")
    (tmp_path / "3.sql").write_text("CREATE TABLE b ();")
    request = Request(folder=tmp_path, servers=("embedded://18",), quarantine=("auto",))
    job = pipeline.screened(pipeline.prepare(request), lambda _: None)
    assert [(one.path, one.reason) for one in job.aside] == [
        ("1.sql", "1.sql:1:20: division by zero"),
        ("2.sql", "1.sql:1:20: division by zero"),
    ]
    assert [file[0].path for file in job.files] == ["3.sql"]


def test_files_are_set_aside_by_pattern_and_a_pattern_without_a_file_is_refused(
    tmp_path: Path,
) -> None:
    for name in ("a.sql", "old_b.sql", "old_c.sql"):
        (tmp_path / name).write_text("SELEC 1;" if name == "old_c.sql" else "SELECT 1;")
    job = pipeline.prepare(Request(folder=tmp_path, quarantine=("old_*",)))
    assert [(one.path, one.reason, one.text) for one in job.aside] == [
        ("old_b.sql", "asked for", "SELECT 1;"),
        ("old_c.sql", "asked for", "SELEC 1;"),
    ]
    assert (job.refused, [m.path for m in job.history.migrations]) == ((), ["a.sql"])
    with pytest.raises(InputProblem, match=r"names no legacy file: gone\*\.sql"):
        pipeline.prepare(Request(folder=tmp_path, quarantine=("old_*", "gone*.sql")))


@pytest.mark.pg
def test_nothing_is_left_is_an_error_too(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("ALTER TABLE gone ADD a int;")
    job = pipeline.prepare(Request(folder=tmp_path, quarantine=("auto",)))
    with pytest.raises(InputProblem, match="No file of the legacy history applies"):
        pipeline.screened(job, lambda _: None)
