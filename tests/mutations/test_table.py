"""The table of `make mutations` says what it promises to, and can fail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate.servers import open_server
from tests.mutations import __main__ as bench
from tests.mutations.__main__ import Line, is_enough, main, shown, table, totals
from tests.mutations.cases import Mutation, load

if TYPE_CHECKING:
    from pathlib import Path

MUTATION = Mutation(family="tables", name="a table", change="", object="table t", attribute="")


def _line(facts: str, dump: str = "missed", rows: str = "missed") -> Line:
    told = {"facts": facts, "projection": dump, "dump": dump, "rows": rows, "migra": "crash"}
    return Line(MUTATION, told)


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (_line("seen"), "seen"),
        (_line("missed", rows="seen"), "seen"),
        (_line("misnamed", "seen"), "seen"),
        (_line("missed", "seen"), "seen"),
        (_line("misnamed"), "misnamed"),
        (_line("missed"), "missed"),
        (_line("refused", "refused", "refused"), "refused"),
    ],
)
def test_the_verdict_is_that_of_all(line: Line, verdict: str) -> None:
    assert line.verdict == verdict


def test_one_that_is_missed_is_too_much() -> None:
    assert is_enough([_line("seen")] * 40)
    assert not is_enough([_line("seen")] * 400 + [_line("missed")])
    assert not is_enough([_line("misnamed", "seen")])
    assert is_enough([_line("seen")] * 39 + [_line("misnamed", "seen")])
    assert not is_enough([_line("seen")] * 38 + [_line("misnamed", "seen")])
    assert not is_enough([])


def test_the_table_has_a_line_for_each_and_totals_for_all() -> None:
    found = [_line("seen", "seen"), _line("missed")]
    head, first, second = (line.split() for line in shown(found))
    assert head == ["facts", "projection", "dump", "rows", "migra"]
    assert first == ["tables:", "a", "table", "seen", "seen", "seen", "missed", "crash"]
    assert second[-5:] == ["missed", "missed", "missed", "missed", "crash"]
    assert list(totals(found)) == [
        "facts           1 of 2  (1 missed)",
        "projection      1 of 2  (1 missed)",
        "dump            1 of 2  (1 missed)",
        "rows            0 of 2  (2 missed)",
        "migra           0 of 2  (2 crash)",
        "verdict         1 of 2",
    ]


@pytest.fixture
def without_migra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bench, "MIGRA", tmp_path / "nowhere")


@pytest.mark.pg
@pytest.mark.usefixtures("without_migra")
def test_a_mutation_of_the_cluster_spoils_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    wanted = ["a role", "a role's password", "a sequence's cycle", "a changed cell"]
    chosen = [m for m in load() if m.name in wanted]
    found = table(open_server("embedded://18"), chosen)
    assert [line.mutation for line in found] == chosen
    assert {line.verdict for line in found} == {"seen"}


@pytest.mark.pg
@pytest.mark.usefixtures("without_migra")
def test_what_nobody_sees_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = next(m for m in load() if m.name == "a missing sequence")
    others = (
        replace(seen, name="nothing", change="SELECT 1"),
        replace(seen, name="refused", change="DROP SEQUENCE public.none"),
        replace(seen, name="elsewhere", object="sequence public.other"),
    )
    monkeypatch.setattr(bench, "load", lambda: (seen, *others))
    assert main(["embedded://18"]) == 1
    said = {line.split(": ")[1].split("  ")[0]: line for line in _told(capsys)}
    assert said["a missing sequence"].split()[-5:] == [*["seen"] * 4, "-"]
    assert said["nothing"].split()[-5:] == [*["missed"] * 4, "-"]
    assert said["refused"].split()[-5:] == [*["refused"] * 4, "-"]
    assert said["elsewhere"].split()[-5:] == ["misnamed", "seen", "seen", "seen", "-"]
    assert main(["embedded://18", "--only", "a missing sequence"]) == 0


def _told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capsys.readouterr().out.splitlines() if line.startswith("sequences")]
