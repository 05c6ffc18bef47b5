"""Where `verify` renders an output again."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from consolidate import pipeline, servers
from consolidate.model import CheckStatus
from tests.test_requirements import Having

if TYPE_CHECKING:
    from consolidate.pipeline import Job

EMBEDDED, LOCAL = Having("embedded://18"), Having("local://18")
OLDER = Having("embedded://16", major=16)


def rendering(
    monkeypatch: pytest.MonkeyPatch, told: str, *asked: Having, here: tuple[Having, ...] = ()
) -> str | None:
    """The URL of the server that is taken for an output that says where it was rendered."""
    url, major = told.split(" ")
    manifest = SimpleNamespace(server=url, major=int(major))
    monkeypatch.setattr("consolidate.manifest.parse", lambda _: manifest)
    monkeypatch.setattr(pipeline, "at_hand", lambda: iter(here))
    monkeypatch.setattr(servers, "at_hand", lambda: iter(here))
    monkeypatch.setattr(servers, "docker_may_answer", lambda: False)
    job = cast("Job", SimpleNamespace(servers=asked))
    server = pipeline.rendering_server(job, {})
    return server.url if server else None


@pytest.mark.parametrize(
    ("told", "asked", "here", "url"),
    [
        ("local://18 18", (EMBEDDED, LOCAL), (), "local://18"),
        ("local://18 18", (EMBEDDED,), (OLDER, LOCAL), "local://18"),
        ("docker://postgres:18 18", (OLDER, EMBEDDED), (LOCAL,), "embedded://18"),
        ("postgresql:// 18", (OLDER,), (OLDER, LOCAL), "local://18"),
        ("embedded://16 16", (EMBEDDED,), (LOCAL, OLDER), "embedded://16"),
        ("docker://postgres:17 17", (EMBEDDED,), (LOCAL, OLDER), None),
    ],
    ids=["asked for", "here", "of the same major", "of others", "not asked for", "nowhere"],
)
def test_it_is_the_same_server_or_one_of_its_major(
    told: str,
    asked: tuple[Having, ...],
    here: tuple[Having, ...],
    url: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert rendering(monkeypatch, told, *asked, here=here) == url


def test_where_there_is_none_the_check_is_skipped_and_holds_nothing() -> None:
    told = json.dumps({"rendered_on": {"server": "docker://postgres:17", "major": 17}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("consolidate.manifest.parse", lambda _: SimpleNamespace(major=17))
        check = pipeline.not_reproduced({pipeline.MANIFEST: told})
    assert check.status is CheckStatus.SKIPPED
    assert check.reason.startswith(
        "it was rendered on PostgreSQL 17, and no server of that version"
    )
