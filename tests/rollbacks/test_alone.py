"""Small histories on a platform, each consolidated by itself and drilled in every way.

A file of `alone/` holds the cases of one subject:

    name      what is taken back
    before    what the platform brought
    history   what the history does; a list has an entry for each of its files
    whole     whether the history stands as it was
    declared  what nothing takes back, a line each
    on_18     the same, on 18 alone, where NOT NULL is a constraint
    back      what the first rollback says, among others
    servers   where, if that is not the newest one alone
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from consolidate import layout
from consolidate.drill import drill
from consolidate.servers import open_server
from tests.rollbacks import histories

pytestmark = pytest.mark.pg

_HERE = Path(__file__).parent / "alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One entry of a YAML file."""

    subject: str
    name: str
    before: str
    history: str | list[str]
    whole: bool = False
    declared: str = ""
    on_18: str = ""
    back: str = ""
    servers: tuple[str, ...] = ("embedded://18",)

    @property
    def files(self) -> list[histories.Case]:
        texts = [self.history] if isinstance(self.history, str) else self.history
        return [
            histories.Case(
                family=self.subject,
                name=f"file {number}",
                before=self.before if number == 1 else "",
                history=text,
            )
            for number, text in enumerate(texts, 1)
        ]


CASES = [
    pytest.param(case, server, id=f"{case.subject}: {case.name} ({server})")
    for file in sorted(_HERE.glob("*.yaml"))
    for entry in YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    for case in [Case(subject=file.stem, **entry)]
    for server in case.servers
]


@pytest.mark.parametrize(("case", "server"), CASES)
def test_every_way_down_leads_back(case: Case, server: str, tmp_path: Path) -> None:
    done = histories.built(case.files, tmp_path, server)
    first, *_ = layout.in_order(done.tree)
    found = drill(done.truth.prelude, done.tree, open_server(server)).differences

    told = case.declared + (case.on_18 if server.endswith("18") else "")
    assert sorted(done.irreversible) == sorted(told.splitlines())
    assert [str(one) for one in found] == []
    assert case.back in done.tree[layout.rollback_of(first)]
    assert any("whole_history" in path for path in done.tree) == case.whole
