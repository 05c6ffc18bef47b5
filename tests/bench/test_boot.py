"""The benchmark of booting measures what it says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bench import boot

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pg


def test_it_tells_a_pair_with_and_without_the_cache(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boot, "ROUNDS", 1)
    assert boot.main(["embedded://18"]) == 0
    _, line = capsys.readouterr().out.splitlines()
    url, cached, uncached, ratio = line.split()
    assert url == "embedded://18"
    assert float(ratio) == pytest.approx(float(cached) / float(uncached), abs=0.1)


def test_without_the_cache_it_is_made_anew_and_gone_afterwards(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with boot.without_cache():
        inside = os.environ["XDG_CACHE_HOME"]
        assert os.listdir(inside) == []  # noqa: PTH208 - a text, as it stands in the environment
    assert not os.path.exists(inside)  # noqa: PTH110 - likewise
    assert os.environ["XDG_CACHE_HOME"] == str(tmp_path)


def test_a_server_that_does_not_come_up_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert boot.main(["local://3"]) == 1
    assert "PostgreSQL 3 is not installed" in capsys.readouterr().out
