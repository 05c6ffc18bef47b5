"""The helper functions as files of an output: names, order, headers, and what they replace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import additions, helper_files, helpers, new_migrations, pipeline
from consolidate.model import CheckStatus

if TYPE_CHECKING:
    from tests.sample_build import Sample

pytestmark = pytest.mark.pg

BEFORE = ("migrations/01_core_tables/20250101_000000_rooms.sql", "seed/01_rooms.sql")


def test_they_follow_the_baseline_and_know_each_other(sample: Sample) -> None:
    status, integrity = helper_files.build(BEFORE, "03_enhancements", sample.consolidated.truth)
    assert status.path == "migrations/03_enhancements/20250101_000001_check_migration_status.sql"
    assert integrity.path == (
        "migrations/03_enhancements/20250101_000002_verify_schema_integrity.sql"
    )
    for version, name in (
        ("20250101_000000", "rooms"),
        ("20250101_000001", "check_migration_status"),
        ("20250101_000002", "verify_schema_integrity"),
    ):
        assert f"('{version}', '{name}')" in status.text
    rollback = "rollback/03_enhancements/20250101_000001_check_migration_status_rollback.sql"
    assert status.text.splitlines()[1] == f"-- Rollback: {rollback}"
    assert list(status.files) == [status.path, rollback]


def test_a_function_whose_place_is_taken_is_there_again_afterwards(sample: Sample) -> None:
    status, integrity = helper_files.build(BEFORE, "03_enhancements", sample.consolidated.truth)
    old = helpers.REPLACEABLE["check_migration_status"]
    assert f"DROP FUNCTION {old};" in status.text
    assert "executed_at as applied_at" in status.rollback
    assert "DROP FUNCTION public" not in integrity.text


def test_the_proof_of_the_baseline_does_without_them(sample: Sample) -> None:
    parted = additions.part(sample.whole)
    assert [path.rpartition("/")[2] for path in parted.new] == [
        "20250110_000001_check_migration_status.sql",
        "20250110_000002_verify_schema_integrity.sql",
    ]
    assert not parted.baseline.keys() & set(parted.new)


def test_a_rollback_that_does_not_restore_what_was_replaced_is_told(sample: Sample) -> None:
    parted = additions.part(sample.whole)
    path = parted.new[0].replace("migrations/", "rollback/").replace(".sql", "_rollback.sql")
    text = sample.whole[path]
    spoiled = {**sample.whole, path: text.partition("-- As it was before.")[0]}
    found = new_migrations.try_out(sample.job.prelude, spoiled, parted.new, sample.job.servers[0])
    assert found.status is CheckStatus.FAILED
    assert "function public.check_migration_status()" in str(found.differences[0])


def test_an_edited_helper_is_not_what_was_written(sample: Sample) -> None:
    path = additions.part(sample.whole).new[0]
    edited = {**sample.whole, path: sample.whole[path] + "-- mine\n"}
    assert path in pipeline.manifest_check(sample.job, edited).reason
