"""Rights that were granted and revoked are told with both statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import pipeline
from consolidate.model import ObjectId
from consolidate.request import Request
from consolidate.revoked import Revoked, revoked

if TYPE_CHECKING:
    from pathlib import Path

PRELUDE = "CREATE ROLE clerk; CREATE ROLE judge;"
HISTORY = """CREATE TABLE t (id int, note text); CREATE TABLE gone (id int);
GRANT SELECT, UPDATE ON t TO clerk, judge;
GRANT ALL ON gone TO clerk;
GRANT SELECT (note) ON t TO judge;
REVOKE UPDATE ON t FROM clerk;
REVOKE DELETE ON t FROM clerk;
REVOKE ALL ON t FROM judge;
GRANT SELECT ON t TO judge;
REVOKE GRANT OPTION FOR SELECT ON t FROM clerk;
ALTER TABLE t RENAME TO u;
GRANT ALL ON SCHEMA public TO clerk;
REVOKE CREATE ON SCHEMA public FROM clerk;
REVOKE ALL ON gone FROM clerk;
DROP TABLE gone;
"""
TABLE = ObjectId("table", "public.u")


@pytest.mark.pg
def test_what_no_later_grant_gave_back_is_told(tmp_path: Path) -> None:
    (tmp_path / "legacy").mkdir()
    (tmp_path / "legacy" / "1.sql").write_text(HISTORY, encoding="utf-8")
    (tmp_path / "prelude.sql").write_text(PRELUDE, encoding="utf-8")
    asked = Request(folder=tmp_path / "legacy", no_config=True, prelude=tmp_path / "prelude.sql")
    job = pipeline.screened(pipeline.prepare(asked), lambda _: None)
    truth, _ = pipeline.plan_only(job, lambda _: None)

    assert revoked(truth) == (
        Revoked(object=TABLE, role="clerk", rights=("UPDATE",), by="1.sql:5", made="1.sql:2"),
        Revoked(object=TABLE, role="judge", rights=("UPDATE",), by="1.sql:7", made="1.sql:2"),
        Revoked(
            object=ObjectId("schema", "public"),
            role="clerk",
            rights=("CREATE",),
            by="1.sql:12",
            made="1.sql:11",
        ),
    )
