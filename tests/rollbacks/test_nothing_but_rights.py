"""A history that changes nothing but owners and rights is a file, and its rollback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import pipeline
from tests.engines import consolidated

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pg

BEFORE = "CREATE ROLE squire; CREATE TABLE lands (id integer); CREATE SEQUENCE tithes;"
HISTORY = "ALTER TABLE lands OWNER TO squire; GRANT SELECT ON SEQUENCE tithes TO squire;"


def test_it_is_written_where_no_mapping_has_a_place_for_it(tmp_path: Path) -> None:
    (tmp_path / "legacy").mkdir()
    (tmp_path / "legacy" / "1.sql").write_text(HISTORY, encoding="utf-8")
    prelude = tmp_path / "before.sql"
    prelude.write_text(BEFORE, encoding="utf-8")
    request = pipeline.Request(
        folder=tmp_path / "legacy",
        no_config=True,
        servers=("embedded://18",),
        platform="plain",
        prelude=prelude,
    )
    job = pipeline.screened(pipeline.prepare(request), lambda _: None)
    done = consolidated(job)
    (verdict,) = pipeline.prove_everywhere(job, done.tree, {}, tuple, lambda _: None)
    assert [str(one) for one in verdict.differences] == []
    (path,) = (path for path in done.tree if path.endswith("_rights.sql"))
    assert "ALTER TABLE public.lands OWNER TO squire;" in done.tree[path]
