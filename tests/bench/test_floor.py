"""The benchmark judges what it measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench import floor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@pytest.mark.parametrize(
    ("taken", "code", "told"),
    [
        ((10.0, 9.0), 0, ("run 5.0 x ≤ 5", "verify 4.5 x ≤ 5")),
        ((10.2, 9.0), 1, ("run 5.1 x > 5", "verify 4.5 x ≤ 5")),
        ((10.0, 12.0), 1, ("run 5.0 x ≤ 5", "verify 6.0 x > 5")),
    ],
)
def test_it_fails_when_the_judged_history_takes_more_floors_than_it_may(
    taken: tuple[float, float],
    code: int,
    told: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def histories(_: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield "other", ()
        yield floor.JUDGED, ()

    def measure(name: str, _given: Sequence[str], _workplace: Path) -> floor.Measured:
        if name == "other":
            return floor.Measured(name=name, floor=1.0, run=99.0, verify=99.0)
        return floor.Measured(name=name, floor=2.0, run=taken[0], verify=taken[1])

    monkeypatch.setattr(floor, "histories", histories)
    monkeypatch.setattr(floor, "measure", measure)

    assert floor.main([]) == code
    assert capsys.readouterr().out.splitlines()[-2:] == [f"judged: synapse {t}" for t in told]


@pytest.mark.pg
def test_the_floor_is_a_program_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "1.sql").write_text("CREATE TABLE t (a int);", encoding="utf-8")

    assert floor.main([str(tmp_path)]) == 0
