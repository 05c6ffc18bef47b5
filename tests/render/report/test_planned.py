"""A plan on a pull request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate.model import Finding, SetAside, Severity, SourceSpan
from consolidate.plan import Placement, Plan, Way
from consolidate.report import planned

if TYPE_CHECKING:
    from tests.render.conftest import Maker

FINDINGS = (
    Finding(code="CON304", severity=Severity.INFO, message="left out"),
    Finding(code="CON303", severity=Severity.INFO, message="a key stands apart"),
    Finding(
        code="CON201",
        severity=Severity.WARNING,
        message="runs *code*",
        span=SourceSpan("1.sql", 0, 1, 2, 3),
        help="look",
    ),
)
ASIDE = SetAside(path="9.sql", reason="it fails", sha256="", text="")


def made(make: Maker) -> Plan:
    step = make.step(
        "public.a|b", "SELECT 1;", "0001#1", kind="rows", type_="ROWS", family="public.a"
    )
    make.file("1_a", step, title="The *a*")
    make.file("2_b", make.step("public.b", "SELECT 2;"), phase="02_more")
    slot = make.files[0].slot
    return replace(
        make.plan(),
        findings=FINDINGS,
        groups={"a": slot},
        placements={step.unit.object: Placement(slot, Way.NEAR, "table public.x")},
    )


def test_a_page_has_a_table_for_each_phase_and_ends_with_the_summary(make: Maker) -> None:
    plan = made(make)
    truth = make.truth({"1.sql": "SELECT 1;"}, inserted={"0001#1": {"public.a": 4}})
    page = planned.as_markdown(plan, truth)
    lines = page.splitlines()
    assert lines[lines.index("### 01_core") + 4] == "| `1_a.sql` | The \\*a\\* | 1 verbatim | 4 |"
    assert lines[lines.index("### 02_more") + 4].startswith("| `2_b.sql` |")
    assert lines[-1] == f"**{planned.summary(plan, truth)}**"
    assert page.endswith("**\n")


def test_repairs_stand_apart_from_other_findings_the_worst_first(make: Maker) -> None:
    lines = planned.as_markdown(made(make), make.truth()).splitlines()
    repairs = lines.index("<summary>1 repair</summary>")
    others = lines.index("<summary>2 other findings</summary>")
    assert lines[repairs + 4] == "| CON303 | info | a key stands apart |"
    assert lines[others + 4 : others + 6] == [
        "| CON201 | warning | `1.sql:2:3`: runs \\*code\\* (look) |",
        "| CON304 | info | left out |",
    ]


def test_what_no_group_claims_and_what_is_set_aside_is_told(make: Maker) -> None:
    plan = made(make)
    page = planned.as_markdown(plan, make.truth(), [ASIDE])
    told = "| `rows public.a\\|b` | `migrations/01_core/1_a.sql` | near table public.x |"
    assert told in page.splitlines()
    assert "| `9.sql` | it fails |" in page.splitlines()
    assert "no group" not in planned.as_markdown(replace(plan, groups={}), make.truth())


def test_a_long_page_is_cut_to_its_budget_and_keeps_its_last_line(make: Maker) -> None:
    plan = made(make)
    many = tuple(replace(FINDINGS[0], message=f"note {n}") for n in range(500))
    long = replace(plan, findings=many)
    page = planned.as_markdown(long, make.truth(), budget=4_000)
    assert len(page.encode()) <= 4_000
    assert "more lines left out here: `consolidate plan --format json` tells them all" in page
    assert page.splitlines()[-1] == f"**{planned.summary(long, make.truth())}**"
