"""The comment of an extension is its author's affair: CREATE EXTENSION sets one by itself.

On Supabase, `postgres` creates extensions that belong to `supabase_admin`, and may not comment on
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import pipeline
from tests.cases.row_cases import flaws
from tests.engines import consolidated

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pg


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", []),
        ("COMMENT ON EXTENSION vector IS 'ours';", ["COMMENT ON EXTENSION vector IS 'ours';"]),
    ],
)
def test_only_what_somebody_said_of_an_extension_is_said_again(
    more: str, said: list[str], tmp_path: Path
) -> None:
    history = tmp_path / "history"
    history.mkdir()
    (history / "1_a.sql").write_text(f"CREATE EXTENSION vector;\n{more}\n", encoding="utf-8")
    asked = pipeline.Request(folder=history, no_config=True, servers=("embedded://18",))
    job = pipeline.screened(pipeline.prepare(asked), lambda _: None)
    built = consolidated(job)
    lines = [
        line
        for path, text in built.tree.items()
        if path.startswith("migrations/")
        for line in text.splitlines()
        if line.startswith("COMMENT")
    ]
    assert lines == said
    assert flaws(job, built) == []
