"""The program that measures starts: it measures the real ones, and no failure as a quick one."""

from __future__ import annotations

import subprocess

import pytest

from bench import start


def test_every_start_has_a_line_with_what_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["--rounds", "1"]) == 0
    _, *lines = capsys.readouterr().out.splitlines()
    assert [line[:28].rstrip() for line in lines] == list(start.STARTS)
    assert all(float(line[28:].split()[0]) > 0 for line in lines)


def test_help_that_takes_longer_than_it_should_is_marked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    took = {start.STARTS["consolidate --help"]: 201.0}
    monkeypatch.setattr(start, "milliseconds", lambda arguments: took.get(arguments, 2.0))
    start.main([])
    marked = [line for line in capsys.readouterr().out.splitlines() if "more than 200" in line]
    assert [line[:28].rstrip() for line in marked] == ["consolidate --help"]


def test_a_start_that_fails_is_not_measured() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        start.milliseconds(["-c", "raise SystemExit(1)"])
