"""The sample's database is cut over and back, and its exported folder builds it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import additions, cutover, export, files, layout
from consolidate.catalog import compare
from tests.cutover import supabase_cli
from tests.cutover.witness import look
from tests.sample_build import ROOT, Sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sample_build import Copy

TREE = files.read_tree(ROOT / "output")
NEW = additions.part(TREE).new


def _pending(copy: Copy, exported: Path) -> list[str]:
    there = supabase_cli.remote(copy.connection)
    return [path.name for path in supabase_cli.pending(supabase_cli.local(exported), there)]


def _new_names() -> list[str]:
    """The helpers' migrations, as they are exported: they are not applied anywhere yet."""
    names = [path.rpartition("/")[2].replace("_", "", 1) for path in NEW]
    assert len(names) == 2
    return names


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    files.write_tree(tmp_path / "export", export.export("supabase", TREE).files)
    return tmp_path / "export/supabase/migrations"


@pytest.fixture
def legacy(sample: Sample) -> Iterator[Copy]:
    """The legacy history, with one row for every version that the CLI can have recorded."""
    with sample.legacy(18).copy() as copy:
        for statement in supabase_cli.CREATE:
            copy.connection.execute(statement.encode())
        known: set[str] = set()
        for path in supabase_cli.local(ROOT / "legacy_migrations"):
            version = path.name.partition("_")[0]
            if version not in known:
                supabase_cli.record(copy.connection, path.name, path.read_bytes().decode())
            known.add(version)
        yield copy


def _psql(copy: Copy, text: str) -> None:
    arguments = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", copy.name, "-f", "-")
    copy.cluster.tool("psql", *arguments, stdin=text.encode())


def test_the_sample_is_cut_over_and_back(legacy: Copy, exported: Path) -> None:
    found = cutover.cutover("supabase", TREE)
    before = look(legacy.connection)
    _psql(legacy, found.sql())
    assert _pending(legacy, exported) == _new_names()
    assert look(legacy.connection).elsewhere() == before.elsewhere()
    _psql(legacy, found.undo())
    assert look(legacy.connection) == before


def test_a_row_that_never_came_to_be_is_told_by_the_database(legacy: Copy, exported: Path) -> None:
    legacy.connection.execute(
        b"DELETE FROM supabase_migrations.schema_migrations WHERE version = '20231106'"
    )
    printed = legacy.cluster.tool(
        *("psql", "-X", "-d", legacy.name, "-c"),
        "select version from supabase_migrations.schema_migrations order by 1",
    )
    _psql(legacy, cutover.cutover("supabase", TREE, printed.decode()).sql())
    assert _pending(legacy, exported) == _new_names()


def test_what_is_new_is_applied_once_after_the_cutover(legacy: Copy, exported: Path) -> None:
    _psql(legacy, cutover.cutover("supabase", TREE).sql())
    assert supabase_cli.push(legacy.connection, exported) == _new_names()
    assert _pending(legacy, exported) == []
    told = legacy.answers("SELECT status FROM public.check_migration_status()")
    assert told == ["applied"] * len(supabase_cli.local(exported))


def test_the_exported_folder_builds_the_sample_on_a_new_project(
    sample: Sample, exported: Path
) -> None:
    with sample.output(18).platform() as copy:
        names = supabase_cli.push(copy.connection, exported)
        assert names == [path.name for path in supabase_cli.local(exported)]
        copy.connection.execute(b"DROP SCHEMA supabase_migrations CASCADE")
        for path in reversed(NEW):
            copy.apply(TREE[layout.rollback_of(path)])
        wanted = sample.output(18).standing.facts()
        assert compare.compare(wanted, copy.facts()) == ()


def test_the_cli_would_record_what_the_cutover_writes(sample: Sample, exported: Path) -> None:
    with sample.output(18).platform() as copy:
        supabase_cli.push(copy.connection, exported)
        query = b"SELECT version, name, statements FROM supabase_migrations.schema_migrations"
        assert copy.connection.execute(query).fetchall() == [
            (one.version, one.name, list(one.statements))
            for one in export.export("supabase", TREE).migrations
        ]
