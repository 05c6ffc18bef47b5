"""What came of a drill, and where a database stands, as people read it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from consolidate.applying import Stuck, refused
from consolidate.depth import Depth
from consolidate.drill import Coverage, Drilled, File
from consolidate.model import ObjectId
from consolidate.report import standings, terminal
from consolidate.standing import Held, Standing

FULL = Drilled(
    server="embedded://18",
    version="18.4",
    depth=Depth.FULL,
    files=(
        File(path="migrations/1.sql", up=True, down=True, again=True, rows=True, refused=12),
        File(path="seed/2.sql", up=True, down=True, again=True, rows=True, refused=0),
    ),
    differences=(),
    coverage=Coverage(filled=("public.a",), empty=(("public.b", "not now"),)),
)


def shown(*drilled: Drilled) -> list[str]:
    out = Console(file=io.StringIO(), width=200)
    terminal.drill_view(drilled, out)
    text = out.file.getvalue()  # type: ignore[attr-defined]  # it is the StringIO above
    return str(text).splitlines()


def test_every_file_has_a_line_with_its_steps() -> None:
    assert shown(FULL) == [
        "",
        "PostgreSQL 18.4 (embedded://18)",
        "  up  down  again  rows",
        "  ✓   ✓     ✓      ✓     migrations/1.sql, 12 rows refused",
        "  ✓   ✓     ✓      ✓     seed/2.sql",
        "",
        "With rows in 1 of 2 tables, none in",
        "  public.b: not now",
        "",
        (
            "Proven: 2 rollbacks lead back to the state before their files, on PostgreSQL 18.4"
            " (embedded://18)."
        ),
    ]


def test_what_failed_and_what_was_not_tried_have_marks_of_their_own() -> None:
    stopped = replace(
        FULL,
        files=(FULL.files[0], File(path="seed/2.sql", up=True, down=False)),
        differences=(refused(Stuck("rollback/seed/2_rollback.sql", "no")),),
        coverage=None,
    )
    lines = shown(FULL, stopped)
    assert "  ✓   ✗     -      seed/2.sql" in lines
    assert "1 difference" in lines
    assert lines[-1] == "NOT proven: not each of 2 rollbacks leads back on embedded://18."


def test_a_step_that_was_not_tried_is_not_proven() -> None:
    assert FULL.proven
    assert not replace(FULL, files=(*FULL.files, File(path="3.sql", up=True))).proven
    assert FULL.check.reason == (
        "2 rollbacks from the end, at once, and up again; from every prefix; "
        "with rows in 1 of 2 tables, none in public.b (not now)"
    )
    quick = replace(FULL, depth=Depth.QUICK, coverage=None)
    assert quick.check.reason == "2 rollbacks from the end, at once, and up again"


@pytest.mark.parametrize(
    ("after", "held", "told"),
    [
        (
            (0,),
            Held.SAME,
            "x is as after 0 of 2 files (1.sql the next); its rows are those, too.\n",
        ),
        (
            (1,),
            Held.MORE,
            (
                "x is as after 1 of 2 files (1.sql is the last, 2.sql the next);"
                " the rows that the files have written are there, and others.\n"
            ),
        ),
        (
            (1, 2),
            Held.OTHER,
            (
                "x is as after 1 or 2 of 2 files;"
                " rows that the files have written are gone or changed.\n"
            ),
        ),
        (
            (1, 2),
            Held.UNREAD,
            "x is as after 1 or 2 of 2 files; its rows could not be read by this role.\n",
        ),
        (
            (),
            Held.OTHER,
            (
                "Nowhere: x is not as after any of the files of the output. It is most like the"
                " state after 1 of 2 files (1.sql is the last, 2.sql the next), from which it"
                " differs in table public.t0 · owner, table public.t1 · owner, table public.t2 ·"
                " owner, table public.t3 · owner, table public.t4 · owner and 2 more.\n"
            ),
        ),
    ],
)
def test_where_a_database_stands_is_told_with_the_files_around_it(
    after: tuple[int, ...],
    held: Held,
    told: str,
) -> None:
    files = ("1.sql", "2.sql")
    differs = tuple((ObjectId("table", f"public.t{n}"), "owner") for n in range(7))
    standing = Standing(files=files, after=after, held=held, nearest=1, differs=differs)
    assert standings.as_text(standing, "x") == told
