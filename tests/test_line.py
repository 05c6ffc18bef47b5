"""The line up to which a history is consolidated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from consolidate import job, line, manifest
from consolidate.behind import Behind
from consolidate.errors import InputProblem
from consolidate.model import CheckStatus, Down, History, Migration, Runner
from consolidate.plan import Folder, Plan, PlannedFile, Slot
from consolidate.request import Request


def history(*paths: str) -> History:
    """A history in this order; the version is what stands before the first `_`."""
    return History(
        runner=Runner.PLAIN,
        migrations=tuple(
            Migration(
                number=number,
                path=path,
                version=path.partition("_")[0],
                text="",
                sha256=path,
            )
            for number, path in enumerate(paths, 1)
        ),
    )


def told(*paths: str, through: str = "") -> manifest.Manifest:
    return manifest.Manifest(
        platform="plain",
        server="embedded://18",
        major=18,
        inputs=tuple(manifest.Input(path=path, sha256="") for path in (*paths, "mappings.yaml")),
        outputs=tuple(
            manifest.Output(path=f"tail/{path}", sha256="", new=False, sources=())
            for path in paths[len(paths) if not through else paths.index(through) + 1 :]
        ),
        objects=(),
        data=(),
        files_without_trace=(),
        quarantine=(),
        line=through or paths[-1],
    )


@pytest.mark.parametrize(
    ("now", "late"),
    [
        (("1_a", "3_c"), ()),
        (("1_a", "3_c", "4_d"), ()),
        (("0_z", "1_a", "2_b", "3_c"), ("0_z", "2_b")),
        (("1_a", "3_c", "3_d"), ("3_d",)),
    ],
)
def test_what_came_since_is_late_at_or_below_the_line(
    now: tuple[str, ...], late: tuple[str, ...]
) -> None:
    found = history(*now)
    assert line.late(found, told("1_a", "3_c")) == late
    warnings = "".join(line.warnings(found, told("1_a", "3_c")))
    assert ("at or below 3_c" in warnings) == bool(late)


def test_with_a_tail_the_line_is_where_that_begins() -> None:
    now = history("1_a", "2_b", "3_c", "4_d")
    assert line.late(now, told("1_a", "2_b", "4_d", through="2_b")) == ()
    assert line.late(now, told("1_a", "3_c", "4_d", through="3_c")) == ("2_b",)


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (("1_a", "3_c", "4_d", "5_e"), "4_d, 5_e came behind 3_c and are not in"),
        (("1_a", "2_b", "3_c"), "2_b sorts at or below 3_c"),
        (("9_z",), "3_c, the last migration that was consolidated, is not in"),
        (("1_a", "2_b"), "3_c, the last migration that was consolidated, is"),
    ],
)
def test_the_check_says_what_came(now: tuple[str, ...], reason: str) -> None:
    found = line.check(history(*now), told("1_a", "3_c"))
    assert found is not None
    assert found.status is CheckStatus.FAILED
    assert reason in found.reason


def with_hashes(found: manifest.Manifest) -> manifest.Manifest:
    """The same, where the hash of each file is its first path."""
    inputs = tuple(manifest.Input(path=one.path, sha256=one.path) for one in found.inputs)
    sources = tuple(one.path for one in inputs if one.path <= found.line)
    made = manifest.Output(path="migrations/1.sql", sha256="", new=False, sources=sources)
    return replace(found, inputs=inputs, outputs=(made, *found.outputs))


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (
            ("3_c", "4_d"),
            "1_a, 2_b went into the output and are {gone}: take them back from version control",
        ),
        (
            ("1_a", "2_b", "3_c"),
            (
                "4_d stays behind the line and is {gone}: take it back from version control, or"
                " `consolidate run` leaves it out, if no database has applied it"
            ),
        ),
        (
            ("1_a", "3_c", "4_d", "5_e"),
            (
                "2_b went into the output and is {gone}: take it back from version control; 5_e"
                " came behind 3_c and is not in the output: `consolidate run` takes it up"
            ),
        ),
    ],
)
def test_the_check_says_what_is_gone(now: tuple[str, ...], reason: str) -> None:
    then = with_hashes(told("1_a", "2_b", "3_c", "4_d", through="3_c"))
    found = line.check(history(*now), then)
    assert found is not None
    assert found.reason == reason.format(gone="not in the legacy folder any more")


def test_a_line_that_is_set_aside_is_not_gone() -> None:
    found = line.warnings(history("1_a"), told("1_a", "3_c"), {"3_c"})
    assert list(found) == ["3_c, the last migration that was consolidated, is set aside now"]


def test_a_line_that_has_another_name_is_known_by_its_text() -> None:
    then = with_hashes(told("1_a", "3_c", "4_d", through="3_c"))
    now = history("1_a", "3_x", "4_d")
    renamed = replace(now.migrations[1], sha256="3_c")
    now = replace(now, migrations=(now.migrations[0], renamed, now.migrations[2]))
    found = line.check(now, then)
    assert found is not None
    assert found.reason == (
        "3_c, the last migration that was consolidated, is called 3_x now: give it its name back"
    )
    late = replace(history("1_a", "2_b").migrations[1], sha256="new")
    assert line.late(replace(now, migrations=(late, *now.migrations)), then) == ("2_b",)


def test_where_nothing_came_there_is_nothing_to_say() -> None:
    assert line.check(history("1_a", "3_c"), told("1_a", "3_c")) is None


def test_what_has_another_name_now_did_not_come_since() -> None:
    then = replace(
        told("1_a", "2_b", "3_c"),
        inputs=tuple(manifest.Input(path=p, sha256=p) for p in ("1_a", "2_b", "3_c")),
    )
    now = history("1_a", "3_c")
    renamed = replace(now.migrations[0], path="2_x", sha256="2_b")
    now = replace(now, migrations=(now.migrations[0], renamed, now.migrations[1]))
    assert line.since(now, then) == {}


def test_what_is_left_out_leaves_no_gap_in_the_numbers(tmp_path: Path) -> None:
    """A manifest tells rows by the number of the migration that writes them."""
    for name in ("1_a.sql", "3_c.sql", "4_d.sql"):
        (tmp_path / name).write_text(f"SELECT '{name}'; SELECT 2;\n", encoding="utf-8")
    request = Request(folder=tmp_path, no_config=True, servers=("embedded://18",))
    then = job.prepare(request)
    read = {one.path: one.sha256 for one in then.history.migrations}
    made = replace(
        told("1_a.sql", "3_c.sql", "4_d.sql", through="3_c.sql"),
        inputs=tuple(manifest.Input(path=path, sha256=found) for path, found in read.items()),
    )
    (tmp_path / "2_b.sql").write_text("SELECT 3;\n", encoding="utf-8")
    now = line.as_of(job.prepare(request), made)
    assert [one.number for one in now.history.migrations] == [1, 2]
    assert [s.id for file in now.files for s in file] == [
        s.id for file in then.files[:2] for s in file
    ]
    assert [s.id for file in now.tail_files for s in file] == [s.id for s in then.files[2]]


# -- the versions on either side of it ----------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (("20250101_a", "20250101_b", "20250102_c"), "20250101_b.sql"),
        (("20250101_a", "x_b", "20250102_c"), "20250102_c.sql"),
        (("1_a", "2_b_20190101", "3_c"), "2_b_20190101.sql"),
        (("1_a_20250101", "2_b_20190101", "3_c"), ""),
        (("1_a", "2_b", "3_c"), ""),
    ],
)
def test_versions_of_a_tail_count_where_they_rise_with_the_history(
    tmp_path: Path, names: tuple[str, ...], first: str
) -> None:
    for name in names:
        (tmp_path / f"{name}.sql").write_text("SELECT 1;\n", encoding="utf-8")
    order = tmp_path / "order.txt"
    order.write_text("".join(f"{name}.sql\n" for name in names), encoding="utf-8")
    request = Request(folder=tmp_path, no_config=True, order=order, servers=("embedded://18",))
    drawn = line.drawn(job.prepare(request), names[0])
    assert drawn.config.behind.path == first


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("", []),
        ("20250210_000001", []),
        (
            "20250210_000000",
            ["20250210_000000_b.sql"],
        ),
    ],
)
def test_a_tail_whose_version_is_not_later_is_told(version: str, told: list[str]) -> None:
    slots = [
        Slot(Folder.MIGRATIONS, "00_a", "20250210_000000_b"),
        Slot(Folder.SEED, "", "99_reference"),
    ]
    plan = Plan(files=tuple(PlannedFile(slot=slot, steps=()) for slot in slots), findings=())
    found = line.overtaken(plan, Behind(path="20250210_x.sql", version=version))
    assert [one.message for one in found] == [
        f"its version is not later than that of {one}, which is applied before it" for one in told
    ]
    assert {str(one.span) for one in found} <= {"20250210_x.sql:1:1"}


# -- which migration is meant -----------------------------------------------------------------


def test_a_path_below_the_folder_comes_before_one_with_the_folder_in_front() -> None:
    both = history("migrations/1_a.sql", "1_a.sql")
    assert line.named(both, Path("migrations"), "migrations/1_a.sql") == "migrations/1_a.sql"


def with_downs(*downs: str) -> History:
    """Migrations in a folder and beside it, the last ones with ways back of their own."""
    found = history("2024/1_a.sql", "2_b.up.sql", "3_c/up.sql")
    pairs = zip(found.migrations[-len(downs) :], downs, strict=True)
    taken_back = tuple(replace(one, down=Down(path=path, text="")) for one, path in pairs)
    return replace(found, migrations=(*found.migrations[: -len(downs)], *taken_back))


@pytest.mark.parametrize(
    ("last", "path"),
    [
        ("2024/1_a.sql", "2024/1_a.sql"),
        ("1_a", "2024/1_a.sql"),
        ("./2_b.up.sql", "2_b.up.sql"),
        ("migrations/2_b.up.sql", "2_b.up.sql"),
        ("db/migrations/2024/1_a.sql", "2024/1_a.sql"),
        ("/project/db/migrations/1_a.sql", "2024/1_a.sql"),
        ("db/migrations/3_c/", "3_c/up.sql"),
        ("2", "2_b.up.sql"),
        ("3_c/up.sql", "3_c/up.sql"),
    ],
)
def test_the_last_migration_is_named_as_a_shell_completes_it(last: str, path: str) -> None:
    assert line.named(with_downs("3_c/down.sql"), Path("/project/db/migrations"), last) == path


def test_a_migration_that_is_not_read_is_told_with_the_reason() -> None:
    apart = {"5_x.sql": "is set aside: asked for"}
    with pytest.raises(InputProblem, match=r"through: 5_x\.sql is set aside: asked for"):
        line.named(history("1_a.sql"), Path("m"), "m/5_x.sql", apart)


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("other/2_b.up.sql", "no legacy migration is called other/2_b.up.sql"),
        ("down.sql", "no legacy migration is called down.sql"),
        ("b.up", "no legacy migration is called b.up; did you mean 2_b.up.sql?"),
        ("", "no legacy migration is called ''$"),
        ("2_b.down.sql", "2_b.down.sql takes 2_b.up.sql back, and is never applied itself"),
        ("migrations/2_b.down.sql", "2_b.down.sql takes 2_b.up.sql back"),
        ("3_c/down.sql", "3_c/down.sql takes 3_c/up.sql back"),
    ],
)
def test_what_names_no_migration_is_told(last: str, told: str) -> None:
    known = with_downs("1_a/down.sql", "2_b.down.sql", "3_c/down.sql")
    with pytest.raises(InputProblem, match=f"through: {told}".replace("?", "[?]")) as caught:
        line.named(known, Path("/project/db/migrations"), last)
    if "takes" in told:
        assert caught.value.hint == f"Name {told.split()[2]} if the line is to be there."
