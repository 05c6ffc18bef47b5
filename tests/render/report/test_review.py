from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from consolidate import findings
from consolidate.downs.results import Outcome, Result, Results
from consolidate.fates import DataStatements, Fate
from consolidate.model import (
    CheckStatus,
    Difference,
    DifferenceKind,
    Finding,
    ObjectId,
    SetAside,
    Severity,
    SourceSpan,
)
from consolidate.remarks import Remark
from consolidate.report import review
from consolidate.report.summary import LegacyFile, Made, MadeFile, Summary, Worded
from consolidate.tally import Tally
from consolidate.vanished import Removed, Renamed, RowsRemoved, Superseded, Vanished
from consolidate.verdict import Verdict
from consolidate.wording.units import Rung
from tests.render.report.conftest import CHECKS, ON_16, ON_18, failing

if TYPE_CHECKING:
    from markdown_it.token import Token

SMALL = Path(__file__).with_name("small_report.md")


def test_a_small_run_is_reported_like_this(small: Summary) -> None:
    assert review.report(small) == SMALL.read_text(encoding="utf-8")


# -- section by section -----------------------------------------------------------------------


def block(summary: Summary, title: str) -> list[str]:
    """The lines below the heading that begins so."""
    found = re.search(
        rf"^(?:<summary>|### ){re.escape(title)}[^\n]*\n(.*?)(?=^</details>|^###|^<details>|\Z)",
        review.report(summary),
        re.MULTILINE | re.DOTALL,
    )
    return [line for line in found[1].splitlines() if line] if found else []


def test_the_verdict_is_the_first_line(small: Summary) -> None:
    one = replace(small, verdicts=(ON_18,))
    assert review.report(one).splitlines()[0] == (
        "**Proven: from the platform's empty database, on PostgreSQL 18 (embedded://18), "
        "the output builds what the legacy history builds.**"
    )
    two = replace(small, verdicts=(ON_18, failing(ON_16, "rows")))
    first, blank, yes, no = review.report(two).splitlines()[:4]
    assert (first, blank) == (
        "**NOT proven on 1 of 2 servers: PostgreSQL 16 (docker://postgres:16).**",
        "",
    )
    assert yes.startswith("- Proven: from the platform's empty database, on PostgreSQL 18 (emb")
    assert no.startswith("- NOT proven: from the platform's empty database, on PostgreSQL 16 (d")
    assert no.endswith("does not build what the legacy history builds (rows failed).")


def test_differences_stand_open_above_everything_that_is_folded(small: Summary) -> None:
    difference = Difference(
        kind=DifferenceKind.MISSING,
        object=ObjectId("table", "public.a"),
        attribute="",
        left=None,
        right=None,
    )
    bad = replace(failing(ON_18, "facts"), differences=(difference,))
    text = review.report(replace(small, verdicts=(bad,)))
    at = text.index("### 1 difference (truth → output)")
    assert at < text.index("<details>")
    assert "- `PostgreSQL 18 (embedded://18): missing  table public.a`\n" in text
    assert "\n### Checks: 7 lines of the verdict\n" in text


def test_what_is_not_proven_begins_with_what_this_run_fell_short_of(small: Summary) -> None:
    skipped = failing(ON_18, "reproducible", CheckStatus.SKIPPED)
    one = replace(
        small,
        verdicts=(replace(skipped, waivers=("no *drill*",), limits=("passwords of roles",)),),
    )
    assert block(one, "What is not proven")[1:6] == [
        "- PostgreSQL 18 (embedded://18): reproducible skipped: reproducible is not well",
        r"- PostgreSQL 18 (embedded://18): waived: no \*drill\*",
        "- PostgreSQL 18 (embedded://18): not compared, for want of rights: passwords of roles",
        "- 1 legacy file set aside: not replayed at all.",
        "- 1 step that no rollback takes back.",
    ]
    assert len(block(one, "What is not proven")) == 14


def test_down_scripts_are_counted_and_those_that_do_not_return_are_shown(small: Summary) -> None:
    def script(number: int, outcome: Outcome, *told: str) -> Result:
        place = SourceSpan(f"{number}.down.sql", 0, 0, 2, 1)
        return Result(migration=f"{number}.sql", place=place, outcome=outcome, told=told)

    found = Results(
        migrations=4,
        major=18,
        scripts=(
            script(1, Outcome.EXACT),
            script(2, Outcome.DIFFERS, *(f"view public.*v{n}* is left" for n in range(5))),
            replace(script(3, Outcome.FAILS, "3.down.sql:2:1: no"), commented=True),
        ),
    )
    told = small.with_downs(found)
    text = review.report(told)
    sentence = (
        "3 read, 1 returns exactly, 1 returns but for something, 1 fails, 1 migration without one"
    )
    assert f"| **Down scripts** | {sentence} |" in text
    assert f"<summary>Down scripts of the legacy history: {sentence}</summary>" in text
    shown = "; ".join(rf"view public.\*v{n}\* is left" for n in range(4))
    assert block(told, "Down scripts of the legacy")[3:] == [
        f"| `2.down.sql:2` | returns but for | {shown}; and 1 more |",
        "| `3.down.sql:2`, in a comment | fails | 3.down.sql:2:1: no |",
    ]
    assert [finding.code for finding in told.findings[-2:]] == [findings.DOWN_LEADS_ELSEWHERE] * 2
    assert block(told, "Findings") == block(small, "Findings")
    fine = small.with_downs(replace(found, scripts=found.scripts[:1]))
    assert len(block(fine, "Down scripts of the legacy")) == 1
    assert "Down scripts" not in review.report(small)
    left = tuple(replace(one, outcome=Outcome.UNTRIED) for one in found.scripts)
    asked = small.with_downs(Results(migrations=4, major=None, why="nobody asked", scripts=left))
    assert block(asked, "Down scripts of the legacy") == ["Not tried: nobody asked."]


def test_what_disappeared_names_the_statement_that_removed_it(small: Summary) -> None:
    view = ObjectId("view", "public.v")
    gone = Vanished(
        removed=(
            Removed(
                object=view,
                by="4.sql:1",
                made="3.sql:2",
                first=ObjectId("view", "public.w"),
                along=(ObjectId("rule", "r on public.v"), ObjectId("rule", "s on public.v")),
            ),
            Removed(object=ObjectId("schema", "graphql"), by="5.sql:1", brought=True),
        ),
        renamed=(),
        superseded=(),
        rows=(
            RowsRemoved(table=ObjectId("table", "public.a"), rows=3, by="6.sql:1"),
            RowsRemoved(table=ObjectId("table", "public.a"), rows=None, by="6.sql:2"),
        ),
    )
    told = replace(small, vanished=gone)
    assert block(told, "What disappeared: 4 lines")[2:] == [
        "| `view public.v`, once `public.w`, and with it 2 rules | `4.sql:1` | `3.sql:2` |",
        "| `schema graphql`, which the platform brought | `5.sql:1` |  |",
        "| 3 rows of `public.a` | `6.sql:1` |  |",
        "| all rows of `public.a` | `6.sql:2` |  |",
    ]
    assert block(told, "Renamed") == []
    assert "| **Disappeared** | 2 objects, and rows by 2 statements |" in review.report(told)


def test_a_long_list_of_files_in_one_cell_is_counted(small: Summary) -> None:
    file = LegacyFile(path="1.sql", into=tuple(f"migrations/{n}.sql" for n in range(9)))
    (row,) = block(replace(small, legacy=(file,)), "Where each legacy file went")[2:]
    assert row.endswith(", `migrations/5.sql` and 3 more |")


def test_findings_are_told_worst_first_with_their_help(small: Summary) -> None:
    assert block(small, "Findings: 1 warning, 1 info")[2:] == [
        "| CON105 | warning | `1_rooms.sql:2` | a placeholder occurs nowhere (remove it) |",
        r"| CON302 | info |  | moved on: trigger t\_x |",
    ]


def test_what_is_new_is_listed_with_its_rollback(small: Summary) -> None:
    path = "migrations/03_enhancements/20260101_000000_rooms.sql"
    told = small.proven([ON_18], [path])
    assert block(told, "New after the baseline: 1 migration")[2:] == [
        f"| `{path}` | `rollback/03_enhancements/20260101_000000_rooms_rollback.sql` |",
    ]


def test_a_section_with_nothing_to_say_is_not_there(small: Summary) -> None:
    nothing = Vanished(removed=(), renamed=(), superseded=(), rows=())
    empty = replace(
        small,
        verdicts=(ON_18,),
        vanished=nothing,
        empty_without_seeds=(),
        irreversible=(),
        findings=(),
        aside=(),
    )
    text = review.report(empty)
    told = ("disappeared:", "Renamed", "Empty", "Irrev", "<summary>Findings", "Set aside", "New")
    for title in told:
        assert title not in text
    assert "| **Findings** | none |" in text
    assert "none irreversible" in text


def test_no_minor_version_and_nobodys_own_server_is_named(small: Summary) -> None:
    own = replace(ON_18, server="postgresql://me:***@db.example:5432/postgres")
    text = review.report(replace(small, verdicts=(own,)))
    assert "18.4" not in text
    assert "db.example" not in text
    assert "PostgreSQL 18 (postgresql://)" in text


# -- what comes from a history is text --------------------------------------------------------

NASTY = (
    "a|b `c` ``d`` <script>alert(1)</script> </details>\n# e *f* [g](h) &lt; $x$ @team #1 \\ \x07 |"
)


def parsed(text: str) -> list[Token]:
    """The tokens of a page, those inside of lines too."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


def html(text: str) -> set[str]:
    """Everything in a page that a browser would take for HTML."""
    kinds = {"html_block", "html_inline"}
    return {
        re.sub(r"<summary>[^<>]*</summary>", "<summary>", token.content.strip())
        for token in parsed(text)
        if token.type in kinds
    }


OURS = {"<details>\n<summary>", "</details>", "<!-- -->"}


_DATA = DataStatements(
    lines="1.sql:1",
    statements=1,
    command="INSERT",
    tables=(),
    fate=Fate.VALUES,
    into=(),
    reason="",
)


def nasty(small: Summary, name: str = NASTY) -> Summary:
    """A summary in which everything that comes from a history is called so."""
    made = ObjectId("table", name)
    rungs = dict.fromkeys(Rung, 1)
    return replace(
        small,
        verdicts=(
            replace(failing(ON_18, "facts"), volatile=(name,), waivers=(name,), limits=(name,)),
        ),
        files=(
            MadeFile(
                path=name,
                title=name,
                phase="",
                rungs=rungs,
                rows=1,
                legacy=(name,),
                lines=(name,),
                rollback=name,
                guarded=(name,),
            ),
        ),
        legacy=(LegacyFile(path=name, into=(name,)), LegacyFile(path=name, into=(), reason=name)),
        worded=(Worded(object=made, rung=Rung.SERVER, path=name, sources=(name,), because=name),),
        vanished=Vanished(
            removed=(Removed(object=made, by=name, made=name, first=made),),
            renamed=(Renamed(first=made, object=made, by=(name,)),),
            superseded=(Superseded(object=made, dropped=(name,), replaced=(name,)),),
            rows=(RowsRemoved(table=made, rows=1, by=name),),
        ),
        data=(replace(_DATA, lines=name, into=(name,), reason=name),),
        empty_without_seeds=(made,),
        irreversible=(name,),
        findings=(Finding(code="CON1", severity=Severity.INFO, message=name, help=name),),
        aside=(SetAside(path=name, reason=name),),
        downs=_downs([name]),
    )


def _downs(names: list[str]) -> Results | None:
    """Down scripts that fail, each with more to say than is shown."""
    scripts = tuple(
        Result(
            migration=name,
            place=SourceSpan(name, 0, 0, 1, 1),
            outcome=Outcome.FAILS,
            told=(name,) * 9,
        )
        for name in names
    )
    return Results(migrations=len(names), major=18, scripts=scripts) if scripts else None


def test_nothing_in_a_name_becomes_a_tag_a_link_or_a_cell(small: Summary) -> None:
    text = review.report(nasty(small))
    assert html(text) == OURS
    kinds = {token.type for token in parsed(text)}
    assert not kinds & {"link_open", "image", "em_open", "fence", "code_block", "ordered_list_open"}
    assert "@team" not in re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)


def test_a_name_is_shown_as_it_is(small: Summary) -> None:
    shown = NASTY.replace("\n", "\\n").replace("\x07", "\\x07")
    spans = {token.content for token in parsed(review.report(nasty(small)))}
    assert {f"table {shown}", shown} <= spans
    words = [token for token in parsed(review.report(nasty(small))) if token.type == "inline"]
    texts = {"".join(c.content for c in t.children or () if c.type == "text") for t in words}
    assert any(shown.split("@")[0] in one for one in texts)


@given(st.text(max_size=80))
@settings(deadline=None, max_examples=30)
def test_whatever_a_name_holds_the_page_has_our_tags_only(name: str) -> None:
    text = review.report(nasty(_sized({}), name))
    assert html(text) <= OURS
    rows = [token for token in parsed(text) if token.type in {"th_open", "tr_open"}]
    assert rows


# -- the budget -------------------------------------------------------------------------------

SIZES = (
    *("files", "legacy", "worded", "removed", "cells", "findings", "differences", "downs"),
    "servers",
)


def _sized(sizes: dict[str, int]) -> Summary:
    """A summary with lists as long as asked for."""

    def names(key: str) -> list[str]:
        return [f"schema_{n}.`object`|{'x' * (n % 70)}" for n in range(sizes.get(key, 1))]

    objects = [ObjectId("table", name) for name in names("removed")]
    differences = tuple(
        Difference(
            kind=DifferenceKind.CHANGED,
            object=ObjectId("function", name),
            attribute="body",
            left=name * 8,
            right=name * 9,
        )
        for name in names("differences")
    )
    verdict = Verdict(
        server="embedded://18",
        version="18.4",
        checks=CHECKS,
        differences=differences,
        volatile=tuple(names("cells")),
    )
    rungs = dict.fromkeys(Rung, 1)
    return Summary(
        verdicts=tuple(
            replace(verdict, server=f"docker://postgres:{n}")
            for n in range(sizes.get("servers", 1))
        ),
        numbers=Tally(
            legacy_statements=1, legacy_files=1, statements=1, files=1, phases=1, rungs=rungs
        ),
        files=tuple(
            MadeFile(
                path=name,
                title=name,
                phase="p",
                rungs=rungs,
                rows=1,
                legacy=(name,),
                lines=(name,) * 9,
                rollback=name,
                guarded=(name,),
            )
            for name in names("files")
        ),
        legacy=tuple(LegacyFile(path=name, into=(name,) * 9) for name in names("legacy")),
        worded=tuple(
            Worded(object=ObjectId("view", name), rung=Rung.SERVER, path=name, sources=(name,))
            for name in names("worded")
        ),
        data=tuple(
            replace(_DATA, lines=name, into=(name,) * 9, reason=name * 9)
            for name in names("worded")
        ),
        made=Made(tables=1, indexes=1, triggers=1, disabled=()),
        vanished=Vanished(
            removed=tuple(Removed(object=o, by="1.sql:1") for o in objects),
            renamed=tuple(Renamed(first=o, object=o, by=("1.sql:1",)) for o in objects),
            superseded=(),
            rows=(),
        ),
        unsaid=tuple(Remark(place=f"{name}:1", lines=(name,) * 9) for name in names("legacy")),
        empty_without_seeds=tuple(objects),
        irreversible=tuple(names("removed")),
        findings=tuple(
            Finding(code="CON1", severity=Severity.INFO, message=name * 20)
            for name in names("findings")
        ),
        aside=tuple(SetAside(path=name, reason=name * 9) for name in names("legacy")),
        new=tuple(f"migrations/p/{name}.sql" for name in names("files")),
        downs=_downs([*names("downs")]),
    )


@given(
    st.fixed_dictionaries(
        {key: st.integers(0, 150) for key in SIZES} | {"servers": st.integers(0, 6)}
    )
)
@settings(deadline=None, max_examples=15)
def test_a_report_of_any_size_fits_into_a_comment(sizes: dict[str, int]) -> None:
    text = review.report(_sized(sizes))
    assert len(text.encode()) <= review.BUDGET
    assert html(text) <= OURS
    assert text.count("<details>") == text.count("</details>")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.endswith(" |") for line in rows)


def test_the_wording_goes_first_and_the_differences_last() -> None:
    sizes = dict.fromkeys(SIZES, 40) | {"servers": 1}
    full = len(review.report(_sized(sizes), 10**7).encode())
    text = review.report(_sized(sizes), full - 500)
    (left,) = re.findall(
        r"<summary>([^<:]*)[^<]*</summary>(?:(?!</details>).)*left out", text, re.DOTALL
    )
    assert left == "How each object is worded"
    least = review.report(_sized(sizes), 14_000)
    assert len(least.encode()) <= 14_000
    shown = least[least.index("### 40 differences") : least.index("<details>")]
    assert shown.count("\n- ") > 20


def test_the_reference_says_in_which_order_sections_stand_and_are_shortened() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/report.md").read_text(encoding="utf-8")
    table = page[page.index("| Section | Says | Shortened |") : page.index("### The budget")]
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| (last|\d+)\S* \|$", table, re.MULTILINE)
    found = review.sections(_sized(dict.fromkeys(SIZES, 2)))
    assert len(rows) == len(found)
    strangers = [a for (a, _), one in zip(rows, found, strict=True) if a not in one.title]
    assert strangers == []
    weights = {section.weight for section in found}
    told = [max(weights) if order == "last" else int(order) for _, order in rows]
    assert told == [section.weight for section in found]


def test_the_smallest_report_leaves_room_for_the_largest_head() -> None:
    text = review.report(_sized(dict.fromkeys(SIZES, 200) | {"servers": 9}), 0)
    assert len(text.encode()) < review.BUDGET / 6


@pytest.mark.parametrize("servers", [0, 1, 5])
def test_any_number_of_servers_has_a_first_line(servers: int) -> None:
    first = review.report(_sized({"servers": servers})).splitlines()[0]
    assert first.startswith("**NOT proven")
