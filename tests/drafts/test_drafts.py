"""A mapping that was drafted of a plan leads to that plan, and leaves nothing to be added."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench import projects
from consolidate import capturing, pipeline, trial
from consolidate.config import Config, Group
from consolidate.drafts import groups as drafts
from consolidate.patterns import ObjectPattern
from consolidate.servers import open_server
from tests.drafts.again import drafted, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.drafts.groups import DraftedGroup
    from consolidate.plan import Plan
    from consolidate.truth import Truth
    from tests.drafts.again import Drafted

pytestmark = [pytest.mark.pg]

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
PLATFORMS = {"platform_objects": "supabase"}

HISTORIES = (
    "platform_objects",
    "comments_on_what_was_there",
    "as_it_was_along_a_search_path",
    "circular_keys_over_rows",
    "connected_tables_and_what_hangs_on_them",
    "default_privileges_and_grants",
    "functions_of_every_kind",
    "partitions_and_their_indexes",
    "roles_made_in_one_block",
    "rows_that_only_the_legacy_order_gives",
    "tables_published_together",
)
"""Cases with every way in which something hangs on something else."""


@pytest.fixture
def made(tmp_path: Path) -> Callable[[pipeline.Request], Drafted]:
    def make(request: pipeline.Request) -> Drafted:
        job = pipeline.screened(pipeline.prepare(request), lambda _: None)
        return drafted(job, tmp_path)

    return make


def request(folder: Path, platform: str = "plain") -> pipeline.Request:
    return pipeline.Request(
        folder=folder, no_config=True, platform=platform, servers=("embedded://18",)
    )


def require_same(found: Drafted) -> None:
    assert shown(found.planned) == shown(found.without)
    assert [f"{group.phase}/{group.version}_{group.name}" for group in found.groups] == [
        file.path.removeprefix("migrations/").removesuffix(".sql") for file in found.planned.files
    ]
    assert [finding.code for finding in found.planned.findings] == [
        finding.code for finding in found.without.findings
    ]
    assert list(found.planned.unclaimed()) == []
    assert found.more() == ()


def planned(truth: Truth, config: Config) -> Plan:
    capturing.require_claims(config, truth, whole=True)
    return trial.settle(truth, config, open_server("embedded://18")).plan


def as_group(one: DraftedGroup) -> Group:
    return Group(
        name=one.name,
        phase=one.phase,
        version=one.version,
        objects=tuple(map(ObjectPattern.parse, one.objects)),
        line=1,
    )


@pytest.mark.parametrize("name", HISTORIES)
def test_a_case_is_planned_the_same(name: str, made: Callable[[pipeline.Request], Drafted]) -> None:
    require_same(made(request(CASES / name / "history", PLATFORMS.get(name, "plain"))))


def test_the_sample_is_planned_the_same(made: Callable[[pipeline.Request], Drafted]) -> None:
    found = made(request(ROOT / "legacy_migrations", "supabase"))
    require_same(found)
    assert "      - function public.assign_key\n" in found.text  # both overloads stand there
    assert all(one.reason for one in found.groups)


@pytest.mark.xdist_group("procrastinate")
def test_procrastinate_is_planned_the_same(
    procrastinate_sql: Path, made: Callable[[pipeline.Request], Drafted]
) -> None:
    require_same(made(request(procrastinate_sql / "migrations")))


@pytest.mark.xdist_group("synapse")
def test_synapse_is_planned_the_same(
    synapse_sql: Path, made: Callable[[pipeline.Request], Drafted], tmp_path: Path
) -> None:
    (tmp_path / "project").mkdir()
    config = projects.synapse_project(synapse_sql, tmp_path / "project")
    found = made(pipeline.Request(config=config, servers=("embedded://18",)))
    require_same(found)
    tables = [sum(one.startswith("table ") for one in group.objects) for group in found.groups]
    assert max(tables) <= 25
    objects = sum(len(group.objects) for group in found.groups)
    (rest,) = (group for group in found.groups if group.name == "standalone_tables")
    assert len(rest.objects) <= objects / 10


def test_what_no_group_claims_gets_groups_that_fit_between_those_there(
    made: Callable[[pipeline.Request], Drafted],
) -> None:
    found = made(request(CASES / "connected_tables_and_what_hangs_on_them" / "history"))
    kept = [group for number, group in enumerate(found.config.groups) if number % 2]
    truth, without = found.truth, found.without
    names = {name for group in kept for name in group.objects}
    config = Config(groups=tuple(kept))
    plan = planned(truth, config)
    added = drafts.added(truth, plan, config)
    assert added
    assert not {ObjectPattern.parse(one) for group in added for one in group.objects} & names
    assert not {group.name for group in added} & {group.name for group in kept}
    more = [as_group(one) for one in added]
    whole = Config(groups=(*kept, *more))
    again = planned(truth, whole)
    assert list(again.unclaimed()) == []
    assert drafts.added(truth, again, whole) == ()
    assert len(again.steps) == len(without.steps)
