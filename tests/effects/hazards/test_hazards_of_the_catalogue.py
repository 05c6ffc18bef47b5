"""At each hazard the statements are understood as is right, and a server does what is told of it.

The expectations are written by hand where the two halves, or the server's catalogs, disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate.replay import DoesNotReplay, connect, execute
from consolidate.trace import trace
from tests import scratch
from tests.effects.hazards import cases, spelling
from tests.effects.hazards.cases import Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.effects import Effect
    from consolidate.model import Finding
    from consolidate.servers.interface import Cluster
    from tests.effects.hazards.cases import Case

CATALOGUE = cases.catalogue()
CASES = cases.read()


def each(half: str) -> pytest.MarkDecorator:
    """All cases; what is known to be wrong in this half of one is expected to fail."""
    return pytest.mark.parametrize(
        "case",
        [
            pytest.param(case, marks=pytest.mark.xfail(reason=case.wrong[half], strict=True))
            if half in case.wrong
            else case
            for case in CASES
        ],
        ids=str,
    )


def test_every_hazard_has_a_case_and_every_case_a_hazard_of_the_catalogue() -> None:
    assert {hazard for case in CASES for hazard in case.hazards} == set(CATALOGUE)


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert sorted(set(names)) == sorted(names)


def test_every_case_says_what_is_understood_and_what_the_server_does() -> None:
    silent = [
        case.name
        for case in CASES
        if all(step.effects is None for step in case.steps)
        or not (case.refused or any(_tells_of_the_trace(step) for step in case.steps))
    ]
    assert silent == []


@each("static")
def test_the_statements_are_understood_as_expected(case: Case) -> None:
    told = case.audited
    found = [
        Step(
            sql=step.sql,
            effects=None if step.effects is None else spelling.effect(effect),
            needs=None if step.needs is None else spelling.needs(effect),
            findings=[finding.code for finding in told if _is_at(finding, effect)],
        )
        for step, effect in zip(case.steps, case.effects, strict=True)
    ]
    assert found == [_only(step, "effects", "needs", "findings") for step in case.steps]
    assert {label: spelling.edges(case.graph, label) for label in case.edges} == case.edges
    assert spelling.cycles(case.graph) == case.cycles
    if case.external is not None:
        assert spelling.external(case.graph) == case.external


@pytest.mark.pg
@each("traced")
def test_the_server_does_what_is_expected(case: Case, clusters: Callable[[int], Cluster]) -> None:
    with scratch.database(clusters(18)) as name, connect(clusters(18), name) as connection:
        execute(connection, case.before)
        if case.refused:
            with pytest.raises(DoesNotReplay) as caught:
                trace(connection, case.parsed, case.manner)
            failure = caught.value.failure
            assert (failure.statement, failure.sqlstate) == case.refused
            return
        seen = trace(connection, case.parsed, case.manner)
    for step, statement in zip(case.steps, case.statements, strict=True):
        lines = spelling.traced(seen, statement.id)
        if step.traced is not None:
            assert lines == step.traced, step.sql
        if step.traced_has is not None:
            assert [line for line in step.traced_has if line not in lines] == [], step.sql
        if step.session is not None:
            assert spelling.session(seen, statement.id) == step.session, step.sql


def _is_at(finding: Finding, effect: Effect) -> bool:
    """Every statement of a case begins on a line of its own."""
    span = finding.span
    return span is not None and (span.path, span.line) == (effect.place.path, effect.place.line)


def _only(step: Step, *fields: str) -> Step:
    return Step(sql=step.sql, **{field: getattr(step, field) for field in fields})


def _tells_of_the_trace(step: Step) -> bool:
    return step.traced is not None or step.traced_has is not None
