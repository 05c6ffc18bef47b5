"""What the platform brought is never dropped, whatever the history called it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rollbacks.histories import Case, built

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pg

BEFORE = """
CREATE TABLE lent (id integer PRIMARY KEY, title text);
INSERT INTO lent VALUES (1, 'of the platform');
CREATE SCHEMA old; CREATE TABLE old.kept (id integer); CREATE SCHEMA archive; CREATE TABLE moved ();
"""
HISTORY = """
ALTER TABLE lent RENAME TO borrowed;
ALTER SCHEMA old RENAME TO older;
ALTER TABLE moved SET SCHEMA archive;
CREATE TABLE own (id integer);
"""


def test_a_renamed_or_moved_object_is_declared_and_stays(tmp_path: Path) -> None:
    done = built(
        [Case(family="moved", name="all", before=BEFORE, history=HISTORY)], tmp_path, SERVER
    )
    dropped = {
        line
        for path, text in done.tree.items()
        if path.endswith("_rollback.sql")
        for line in text.splitlines()
        if line.startswith("DROP ")
    }

    assert {line for line in dropped if "own" not in line} == set()
    assert {
        "table public.borrowed: it is the platform's table public.lent under another name",
        "schema older: it is the platform's schema old under another name",
        "table archive.moved: it is the platform's table public.moved under another name",
    } <= {*done.irreversible}


SERVER = "embedded://18"
