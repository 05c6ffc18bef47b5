from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench import history
from bench.curve import Measured, growth
from consolidate import pipeline
from tests.engines import consolidated

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_seed_gives_the_same_history() -> None:
    first, second = list(history.generate(30)), list(history.generate(30))

    assert first == second
    assert first != list(history.generate(30, seed=2))


def test_a_longer_history_begins_with_the_shorter_one() -> None:
    assert list(history.generate(30))[:10] == list(history.generate(10))


def test_a_history_has_about_ten_statements_a_file_of_many_kinds() -> None:
    statements = [s for _, listed in history.generate(200) for s in listed]
    kinds = {" ".join(statement.split()[:2]) for statement in statements}

    assert 9 <= len(statements) / 200 <= 12
    assert kinds >= {
        *("CREATE TABLE", "ALTER TABLE", "DROP TABLE", "CREATE INDEX", "DROP INDEX", "CREATE TYPE"),
        *("ALTER TYPE", "CREATE VIEW", "CREATE OR", "CREATE TRIGGER", "CREATE POLICY", "DO $$"),
        *("GRANT SELECT", "COMMENT ON", "INSERT INTO"),
    }


def _measured(statements: int, seconds: float) -> Measured:
    phases = dict.fromkeys(("replay", "trial", "render", "again", "prove", "drill"), 0.0)
    return Measured(
        files=1,
        statements=statements,
        verdict="proven",
        seconds=seconds,
        verify=seconds / 3,
        floor=1.0,
        peak=100,
        phases=phases | {"replay": seconds / 2},
    )


def test_growth_is_the_exponent_of_the_statements() -> None:
    found = growth(_measured(100, 3.0), _measured(200, 12.0))

    assert found["total"] == pytest.approx(2.0)
    assert found["replay"] == pytest.approx(2.0)
    assert found["verify"] == pytest.approx(2.0)
    assert found["peak"] == pytest.approx(0.0)
    assert "trial" not in found


@pytest.mark.pg
def test_a_small_generated_history_is_proven(tmp_path: Path) -> None:
    history.write(tmp_path, 8)
    job = pipeline.prepare(pipeline.Request(folder=tmp_path, servers=("embedded://18",)))
    built = consolidated(job)

    known = {job.servers[0].url: built.truth}
    (verdict,) = pipeline.prove_everywhere(job, built.tree, known, tuple, lambda _: None)

    assert verdict.differences == ()
    assert verdict.equivalent
