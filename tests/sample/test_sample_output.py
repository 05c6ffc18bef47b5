"""The sample's output is what was asked for: few files, named as told, proven, reproducible."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consolidate import files, manifest
from consolidate.definitions import Became
from consolidate.model import CheckStatus, ObjectId
from consolidate.report import review
from consolidate.wording.units import Rung
from tests.sample_build import MAJORS, ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.manifest import Manifest
    from tests.sample_build import Sample

LEGACY = ROOT / "legacy_migrations"
PHASES = ("00_initial", "01_core_tables", "02_infrastructure", "03_enhancements")
STORY = (
    "00_initial/20250101_000000_initial_schema.sql",
    "01_core_tables/20250102_000000_rooms_table.sql",
    "01_core_tables/20250103_000000_schedules_table.sql",
    "01_core_tables/20250104_000000_capacities_table.sql",
    "01_core_tables/20250105_000000_keys_tables.sql",
    "01_core_tables/20250106_000000_tickets_table.sql",
    "02_infrastructure/20250107_000000_audit_log.sql",
    "02_infrastructure/20250108_000000_rls_policies.sql",
)
HELD = {Became.KEPT, Became.FOLDED, Became.SERVER, Became.AS_WAS}
KEY_FILES = (
    "20250713_keys_table.sql",
    "20250714_key_assignments.sql",
    "20250715_key_requests.sql",
    "20250716_key_orders.sql",
    "20250717_key_audit.sql",
)
KEY_TABLES = {"keys", "key_assignments", "key_requests", "key_orders", "key_audit_logs"}


@pytest.fixture(scope="module")
def told(sample: Sample) -> Manifest:
    return manifest.parse(sample.tree[manifest.PATH])


# -- the files --------------------------------------------------------------------------------


def test_48_files_or_more_become_16_or_fewer(sample: Sample) -> None:
    assert len(sample.job.history.migrations) >= 48
    assert len(sample.files) <= 16


def test_every_migration_stands_in_one_of_the_four_phases(sample: Sample) -> None:
    migrations = [path for path in sample.files if path.startswith("migrations/")]
    assert tuple(dict.fromkeys(Path(path).parts[1] for path in migrations)) == PHASES
    assert {len(Path(path).parts) for path in migrations} == {3}


def test_the_migrations_of_the_story_have_its_names(sample: Sample) -> None:
    assert {f"migrations/{name}" for name in STORY} <= set(sample.files)


def test_the_seeds_of_the_story_have_its_names(sample: Sample) -> None:
    seeds = [path for path in sample.files if path.startswith("seed/")]
    assert seeds == [
        "seed/01_reference_data.sql",
        "seed/02_test_users.sql",
        "seed/03_sample_rooms.sql",
    ]


def test_every_applied_file_has_a_rollback(sample: Sample) -> None:
    expected = {
        path.replace("migrations/", "rollback/").replace("seed/", "rollback/seed/")
        for path in sample.files
    }
    expected = {path.removesuffix(".sql") + "_rollback.sql" for path in expected}
    found = {path for path in sample.tree if path.endswith("_rollback.sql")}
    assert found == {*expected, "rollback/emergency_rollback.sql"}


def test_the_five_key_files_are_one(sample: Sample, told: Manifest) -> None:
    (keys,) = [path for path in sample.files if path.endswith("_keys_tables.sql")]
    made = {o.object: o.path for o in told.objects if o.kind == "table"}
    assert {made[f"public.{name}"] for name in KEY_TABLES} == {keys}
    (sources,) = [output.sources for output in told.outputs if output.path == keys]
    assert set(KEY_FILES) <= set(sources)


# -- the proof --------------------------------------------------------------------------------


def test_every_check_passes_on_every_major(sample: Sample) -> None:
    assert [verdict.server for verdict in sample.verdicts] == [
        f"embedded://{major}" for major in MAJORS
    ]
    for verdict in sample.verdicts:
        assert verdict.differences == ()
        assert {check.name: check.status for check in verdict.checks} == dict.fromkeys(
            ("facts", "projection", "dump", "rows", "rollback", "reproducible", "manifest", "new"),
            CheckStatus.PASSED,
        )
        assert verdict.equivalent


def test_nothing_was_left_unsettled(sample: Sample) -> None:
    assert sample.consolidated.unsettled == ()


def test_rendered_again_every_byte_is_the_same(sample: Sample) -> None:
    assert _changed(sample.whole, sample.rendered_elsewhere()) == []


def test_one_changed_byte_would_be_told(sample: Sample) -> None:
    path = sample.files[-1]
    other = {**sample.whole, path: f"{sample.whole[path]} "}
    assert _changed(sample.whole, other) == [path]


def test_the_committed_output_is_what_is_rendered_now(sample: Sample) -> None:
    assert files.differences(sample.whole, ROOT / "output") == ()


@pytest.mark.parametrize("page", [manifest.REPORT, manifest.CHECKLIST])
def test_the_committed_report_is_what_is_written_now(page: str, sample: Sample) -> None:
    assert sample.pages[page] == (ROOT / "output" / page).read_bytes().decode()


def test_the_report_fits_into_a_comment_with_every_line(sample: Sample) -> None:
    report = sample.pages[manifest.REPORT]
    assert len(report.encode()) <= review.BUDGET
    assert "left out here" not in report


# -- where everything comes from --------------------------------------------------------------


def test_every_object_in_the_manifest_has_a_rung_and_sources(told: Manifest) -> None:
    """A sequence's position is the sum of all that was drawn, so no statement made it."""
    rungs = {rung.value for rung in Rung}
    lengths = {path.name: _lines(path) for path in LEGACY.glob("*.sql")}
    for made in told.objects:
        assert made.rung in rungs, made
        assert made.sources or made.kind == "sequence set", made
        for source in made.sources:
            path, _, line = source.rpartition(":")
            assert 1 <= int(line) <= lengths[path], made


def test_every_object_that_the_history_made_or_changed_is_in_the_manifest(
    sample: Sample, told: Manifest
) -> None:
    """Itself or what it is a part of; columns stand in their relation's own words."""
    truth = sample.consolidated.truth
    before, after = truth.platform.facts, truth.final.facts
    touched = {fact.object for fact in before.facts ^ after.facts}
    known = {ObjectId(made.kind, made.object) for made in told.objects}
    known_rights = {made.object for made in told.objects if made.kind == "rights"}
    unknown = [
        name
        for name in sorted(touched)
        if not name.kind.endswith("column")
        and str(name) not in known_rights
        and not _itself_or_a_parent(name, truth.depend.parent) & known
    ]
    assert len(touched) > 100
    assert unknown == []


def test_every_legacy_file_is_a_source_or_is_said_to_have_left_no_trace(told: Manifest) -> None:
    used = {source for output in told.outputs for source in output.sources}
    traceless = {gone.path: gone.reason for gone in told.files_without_trace}
    assert used | traceless.keys() == {path.name for path in LEGACY.glob("*.sql")}
    assert used & traceless.keys() == set()
    assert all(traceless.values())
    assert traceless["20250317_todo.sql"] == "it holds no statement"


def test_the_manifest_hashes_every_legacy_file_and_the_configuration(told: Manifest) -> None:
    assert [known.path for known in told.inputs] == sorted(
        ["mappings.yaml", *(path.name for path in LEGACY.glob("*.sql"))]
    )


def test_no_file_holds_a_path_of_this_machine(sample: Sample) -> None:
    assert [
        path for path, text in sample.whole.items() if re.search(r"/(tmp|home|root|work)/", text)
    ] == []


def _changed(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))


def _lines(path: Path) -> int:
    return len(path.read_bytes().decode("utf-8-sig").splitlines())


def _itself_or_a_parent(name: ObjectId, parents: Mapping[ObjectId, ObjectId]) -> set[ObjectId]:
    found = {name}
    while (name := parents.get(name, name)) not in found:
        found.add(name)
    return found


def test_every_legacy_statement_has_one_fate() -> None:
    told = manifest.parse((ROOT / "output" / manifest.PATH).read_text(encoding="utf-8"))
    counted = sum(one.statements for one in told.data)
    counted += sum(one.statements for one in told.definitions)
    became = {one.lines: (one.became, one.reason) for one in told.definitions}

    assert f"Plan: {counted} statements in " in (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(one.into for one in told.definitions if one.became in HELD)
    assert became["20240603_capacity.sql:12-15"] == (
        Became.CANCELLED,
        (
            "function public.room_occupancy(pg_catalog.uuid) was dropped by"
            " 20250401_functions_again.sql:2"
        ),
    )
    assert became["20250713_keys_table.sql:5-15"] == (Became.FOLDED, "into table public.keys")
    assert became["20240520_user_roles.sql:11-15"] == (
        Became.SUPERSEDED,
        "function public.is_admin(pg_catalog.uuid) was replaced by 20241118_fix_is_admin.sql:2",
    )


def test_what_is_in_the_servers_words_has_a_reason() -> None:
    text = (ROOT / "output" / manifest.PATH).read_text(encoding="utf-8")
    made = manifest.parse(text).objects
    reasons = {f"{o.kind} {o.object}": o.reason for o in made if o.rung == Rung.SERVER}
    bare = [name for name, reason in reasons.items() if not reason]

    assert [name for name in bare if not name.startswith(("rights ", "sequence set "))] == []
    assert not any(o.reason for o in made if o.rung in {Rung.VERBATIM, Rung.FOLDED})
    assert reasons["view public.staff_directory"] == ("on trial: column p.surname does not exist")
    assert reasons["trigger set_rooms_updated_at on public.rooms"] == (
        "20240115_updated_at.sql:10: made by code that the statement runs"
    )
    assert reasons["function public.assign_key(pg_catalog.uuid,pg_catalog.text)"] == (
        "20250801_key_fixes.sql:15: what it changes can not be merged"
    )
