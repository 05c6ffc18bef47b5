from __future__ import annotations

import pytest

from consolidate.model import Check, CheckStatus, Difference, DifferenceKind, ObjectId
from consolidate.verdict import Level, Verdict, overall

DIFFERENCE = Difference(
    kind=DifferenceKind.EXTRA,
    object=ObjectId("table", "public.a"),
    attribute="",
    left=None,
    right=None,
)


def verdict(
    *statuses: CheckStatus,
    reason: str = "why",
    differences: tuple[Difference, ...] = (),
    volatile: tuple[str, ...] = (),
    waivers: tuple[str, ...] = (),
) -> Verdict:
    return Verdict(
        server="embedded://18",
        version="18.4",
        checks=tuple(
            Check(name=f"check {number}", status=status, reason=reason)
            for number, status in enumerate(statuses)
        ),
        differences=differences,
        volatile=volatile,
        waivers=waivers,
    )


PASSED, FAILED, SKIPPED = CheckStatus.PASSED, CheckStatus.FAILED, CheckStatus.SKIPPED


def test_when_all_checks_pass_it_is_identical() -> None:
    assert verdict(PASSED, PASSED).equivalent
    assert verdict(PASSED, PASSED).level is Level.IDENTICAL


@pytest.mark.parametrize("others", [(), (PASSED,), (PASSED, SKIPPED)])
def test_one_failed_check_is_enough(others: tuple[CheckStatus, ...]) -> None:
    found = verdict(*others, FAILED)
    assert found.level is Level.DIFFERENT
    assert found.failed[-1].status is FAILED


def test_nothing_checked_is_nothing_proven() -> None:
    assert not verdict().equivalent


def test_a_difference_counts_even_if_no_check_owns_it() -> None:
    assert verdict(PASSED, differences=(DIFFERENCE,)).level is Level.DIFFERENT


def test_a_check_may_be_skipped_only_by_a_waiver() -> None:
    assert not verdict(PASSED, SKIPPED, reason="no time").equivalent
    assert not verdict(PASSED, SKIPPED, reason="no time", waivers=("other",)).equivalent
    waived = verdict(PASSED, SKIPPED, reason="no time", waivers=("check 1",))
    assert waived.level is Level.EQUIVALENT


def test_a_waiver_saves_no_failed_check() -> None:
    assert not verdict(FAILED, reason="rows", waivers=("check 0",)).equivalent


def test_volatile_cells_lower_identical_to_equivalent() -> None:
    found = verdict(PASSED, volatile=("public.a.id",))
    assert found.equivalent
    assert found.level is Level.EQUIVALENT


def test_several_servers_are_as_alike_as_the_worst() -> None:
    identical, equivalent = verdict(PASSED), verdict(PASSED, volatile=("x",))
    assert overall([identical, identical]) is Level.IDENTICAL
    assert overall([identical, equivalent]) is Level.EQUIVALENT
    assert overall([verdict(FAILED), identical, equivalent]) is Level.DIFFERENT
    assert overall([]) is Level.DIFFERENT
