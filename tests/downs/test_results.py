"""Results as values: how they are counted, put into a sentence, and told as findings."""

from __future__ import annotations

from consolidate.downs import results
from consolidate.downs.results import Outcome, Result, Results
from consolidate.model import Severity, SourceSpan


def result(name: str, outcome: Outcome, *told: str) -> Result:
    place = SourceSpan(f"{name}.down.sql", 0, 0, 1, 1)
    return Result(migration=f"{name}.up.sql", place=place, outcome=outcome, told=told)


SCRIPTS = (
    result("a", Outcome.EXACT),
    result("b", Outcome.EXACT),
    result("c", Outcome.DIFFERS, *(f"table public.t{n} is left" for n in range(6))),
    result("d", Outcome.FAILS, 'd.down.sql:2:1: relation "x" does not exist'),
    result("e", Outcome.EMPTY),
)
LEFT = "; ".join(f"table public.t{n} is left" for n in range(4))
FOUND = Results(migrations=9, major=18, scripts=SCRIPTS)


def test_the_sentence_counts_what_there_is() -> None:
    assert FOUND.sentence == (
        "5 read, 2 return exactly, 1 returns but for something, 1 fails, 1 is empty,"
        " 4 migrations without one"
    )
    assert Results(migrations=1, major=None, scripts=SCRIPTS[:1]).sentence == (
        "1 read, 1 returns exactly"
    )
    assert [one.migration for one in FOUND.wanting] == ["c.up.sql", "d.up.sql", "e.up.sql"]


def test_those_that_fail_or_lead_elsewhere_are_findings() -> None:
    found = [(one.severity, str(one.span), one.message) for one in results.found(FOUND)]
    assert found == [
        (
            Severity.INFO,
            "c.down.sql:1:1",
            f"what takes c.up.sql back returns but for: {LEFT}; and 2 more",
        ),
        (
            Severity.WARNING,
            "d.down.sql:1:1",
            'what takes d.up.sql back fails: d.down.sql:2:1: relation "x" does not exist',
        ),
    ]
