"""A large table from the legacy files to the rollback of the file that fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from consolidate import pipeline, rowguard
from consolidate.catalog import large
from consolidate.catalog.spools import Spool
from consolidate.replay import connect, execute
from consolidate.servers import open_server
from tests.engines import consolidated

if TYPE_CHECKING:
    from pathlib import Path

HISTORY = {
    "1.sql": """
        CREATE TABLE kinds (id int PRIMARY KEY, name text);
        CREATE TABLE events (id int PRIMARY KEY, kind int REFERENCES kinds, note text);
        CREATE TABLE readings (event int REFERENCES events, at timestamptz DEFAULT now());
    """,
    "2.sql": "INSERT INTO kinds VALUES (1, 'opened'), (2, 'closed');",
    "3.sql": """
        INSERT INTO events SELECT n, 1 + n % 2, 'event ' || n FROM generate_series(1, 300) n;
        INSERT INTO readings (event) SELECT id FROM events WHERE id % 2 = 0;
    """,
}
MAPPING = """
legacy: legacy
platform: plain
servers: ["embedded://18"]
seeds:
- {file: 01_events, tables: [kinds, events, readings], tag: demo}
"""
SEED = "seed/01_events.sql"


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pipeline.Job:
    monkeypatch.setattr(large, "LARGE", 100)
    monkeypatch.setattr(rowguard, "LISTED", 200)
    legacy = tmp_path / "legacy"
    legacy.mkdir()
    for name, sql in HISTORY.items():
        (legacy / name).write_text(sql, encoding="utf-8")
    mapping = tmp_path / "mappings.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    return pipeline.screened(pipeline.prepare(pipeline.Request(config=mapping)), lambda _: None)


@pytest.mark.pg
def test_it_is_filled_proven_emptied_and_guarded(job: pipeline.Job) -> None:
    built = consolidated(job)
    known = {job.servers[0].url: built.truth}
    (verdict,) = pipeline.prove_everywhere(job, built.tree, known, tuple, lambda _: None)
    rows = {t.table.object.identity: t.rows for t in built.truth.final.rows.tables}
    back = built.tree["rollback/seed/01_events_rollback.sql"]

    assert isinstance(rows["public.events"], Spool)
    assert [str(difference) for difference in verdict.differences] == []
    assert [check.name for check in verdict.checks if check.status != "passed"] == []
    assert verdict.volatile == ("public.readings.at",)
    assert [line.strip() for line in back.splitlines() if line.startswith("    DELETE")] == [
        "DELETE FROM ONLY public.readings;",
        "DELETE FROM ONLY public.events;",
        "DELETE FROM ONLY public.kinds WHERE id = 1;",
        "DELETE FROM ONLY public.kinds WHERE id = 2;",
    ]
    with open_server("embedded://18").cluster() as cluster, connect(cluster) as connection:
        for path in sorted(built.tree):
            if path.startswith("migrations/") and path.endswith(".sql"):
                execute(connection, built.tree[path])
        execute(connection, built.tree[SEED])
        for stranger, told in (
            ("INSERT INTO events VALUES (301, 1, 'ours')", r"public\.events, at least \(1 row\)"),
            ("UPDATE events SET note = '' WHERE id = 7", r"public\.events, at least \(1 row\)"),
            ("INSERT INTO readings VALUES (1)", r"public\.readings \(1 row\)"),
        ):
            with pytest.raises(psycopg.Error, match=told):
                execute(connection, f"{stranger};\n{back}")
        execute(connection, back)
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (0,)
