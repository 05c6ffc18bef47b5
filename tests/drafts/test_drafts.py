"""A mapping that was drafted of a plan leads to that plan, and leaves nothing to be added."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench import projects
from consolidate import capturing, pipeline, trial
from consolidate.config import Config, Group
from consolidate.drafts import groups as drafts
from consolidate.drafts.groups import Additions
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
    assert found.more() == Additions()


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


def with_more(config: Config, more: Additions) -> Config:
    """A mapping with what is to be added to it."""
    grown = [
        replace(group, objects=(*group.objects, *map(ObjectPattern.parse, joining)))
        if (joining := more.joining.get(group.name))
        else group
        for group in config.groups
    ]
    return replace(config, groups=(*grown, *map(as_group, more.groups)))


def test_what_no_group_claims_gets_groups_that_fit_between_those_there(
    made: Callable[[pipeline.Request], Drafted],
) -> None:
    found = made(request(CASES / "connected_tables_and_what_hangs_on_them" / "history"))
    kept = [group for number, group in enumerate(found.config.groups) if number % 2]
    truth, without = found.truth, found.without
    names = {name for group in kept for name in group.objects}
    config = Config(groups=tuple(kept))
    plan = planned(truth, config)
    more = drafts.added(truth, plan, config)
    assert more.objects
    assert not {ObjectPattern.parse(one) for group in more.groups for one in group.objects} & names
    assert not {group.name for group in more.groups} & {group.name for group in kept}
    whole = with_more(config, more)
    again = planned(truth, whole)
    assert list(again.unclaimed()) == []
    assert drafts.added(truth, again, whole) == Additions()
    assert len(again.steps) == len(without.steps)


SCHEMA = """\
CREATE TABLE courts (id int PRIMARY KEY, name text);
CREATE TABLE rooms (id int PRIMARY KEY, court_id int REFERENCES courts);
CREATE FUNCTION now_here() RETURNS text LANGUAGE sql AS $$SELECT 'here'$$;
CREATE VIEW busy AS SELECT r.id FROM rooms r;
"""
LATER = """\
CREATE TYPE mood AS ENUM ('calm', 'cross');
CREATE TABLE judges (id int PRIMARY KEY, court_id int REFERENCES courts, mood mood);
CREATE INDEX judges_court ON judges (court_id);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER touch BEFORE UPDATE ON judges FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE judges ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_judges ON judges USING (true);
CREATE VIEW judged AS SELECT j.id, r.id AS room FROM judges j JOIN rooms r USING (court_id);
CREATE FUNCTION then_here() RETURNS text LANGUAGE sql AS $$SELECT 'then'$$;
CREATE TABLE weather (day date PRIMARY KEY);
INSERT INTO judges VALUES (1, NULL, 'calm');
"""
MANY = "".join(
    f"CREATE TABLE door{number} (id int PRIMARY KEY, room_id int REFERENCES rooms);\n"
    for number in range(5)
)


def test_what_is_tied_to_a_group_joins_it_as_the_plan_lets_it(
    made: Callable[[pipeline.Request], Drafted], tmp_path: Path
) -> None:
    history = tmp_path / "history"
    history.mkdir()
    (history / "20240101_a.sql").write_text(SCHEMA, encoding="utf-8")
    groups = made(request(history)).config.groups
    (history / "20240201_b.sql").write_text(LATER, encoding="utf-8")
    (history / "20240202_c.sql").write_text(MANY, encoding="utf-8")
    later = made(request(history))
    config = Config(groups=groups)
    plan = planned(later.truth, config)
    more = drafts.added(later.truth, plan, config)
    assert [(group.name, group.objects) for group in more.groups] == [
        ("door0_tables", tuple(f"table public.door{number}" for number in range(5))),
        ("weather_table", ("table public.weather",)),
    ]
    assert {name: set(objects) for name, objects in more.joining.items()} == {
        "courts_tables": {
            "table public.judges",
            "type public.mood",
            "view public.judged",
            "function public.touch",
        },
        "functions": {"function public.then_here"},
    }
    again = planned(later.truth, with_more(config, more))
    assert list(again.unclaimed()) == []

    def where(shown: Plan) -> dict[str, str]:
        """The phase and the name of the file of each unit; its version tells what comes before."""
        return {
            str(step.unit.object): f"{file.slot.phase}/{file.slot.stem.split('_', 2)[2]}"
            for file in shown.files
            for step in file.steps
        }

    before, after = where(plan), where(again)
    moved = {name.partition("_pkey")[0] for name in after if after[name] != before.get(name)}
    doors = {f"table public.door{number}" for number in range(5)}
    assert moved == doors
