from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.model import ObjectId
from consolidate.report.summary import LegacyFile, Made, MadeFile, Worded
from consolidate.verdict import Level
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from consolidate.report.summary import Summary


def test_every_file_has_its_legacy_lines_rungs_rows_and_guarded_tables(small: Summary) -> None:
    assert small.files == (
        MadeFile(
            path="migrations/01_core/1_rooms.sql",
            title="Rooms & keys",
            phase="01_core",
            rungs={Rung.VERBATIM: 1, Rung.FOLDED: 0, Rung.SERVER: 1, Rung.AS_WAS: 0},
            rows=0,
            legacy=("1_rooms.sql", "2_keys.sql"),
            lines=("1_rooms.sql:1", "2_keys.sql:1-2"),
            rollback="rollback/01_core/1_rooms_rollback.sql",
            guarded=("public.room_keys", "public.rooms"),
        ),
        MadeFile(
            path="seed/01_rooms.sql",
            title="Seed rows (sample)",
            phase="",
            rungs={Rung.VERBATIM: 1, Rung.FOLDED: 0, Rung.SERVER: 0, Rung.AS_WAS: 0},
            rows=1,
            legacy=("1_rooms.sql",),
            lines=("1_rooms.sql:2",),
            rollback="rollback/seed/01_rooms_rollback.sql",
            guarded=(),
        ),
    )


def test_every_legacy_file_leads_somewhere_or_has_a_reason(small: Summary) -> None:
    assert small.legacy[:2] == (
        LegacyFile(
            path="1_rooms.sql", into=("migrations/01_core/1_rooms.sql", "seed/01_rooms.sql")
        ),
        LegacyFile(path="2_keys.sql", into=("migrations/01_core/1_rooms.sql",)),
    )
    assert [(file.path, bool(file.into)) for file in small.legacy[2:]] == [
        ("3_old.sql", False),
        ("4_fix.sql", False),
        ("5_note.sql", False),
    ]
    assert small.legacy[4].reason == "it holds no statement"
    assert all(file.reason for file in small.legacy[2:])


def test_every_object_has_its_rung_file_and_places(small: Summary) -> None:
    assert small.worded[1] == Worded(
        object=ObjectId("table", "public.room_keys"),
        rung=Rung.VERBATIM,
        path="migrations/01_core/1_rooms.sql",
        sources=("2_keys.sql:1", "2_keys.sql:2"),
    )
    assert len(small.worded) == 3


def test_what_was_made_is_counted_from_the_facts(small: Summary) -> None:
    assert small.made == Made(tables=2, indexes=1, triggers=1, disabled=())


def test_what_disappeared_is_told_with_the_statement(small: Summary) -> None:
    assert [(str(one.object), one.by) for one in small.vanished.removed] == [
        ("view public.old", "4_fix.sql:1"),
        ("table column public.rooms.floor", "4_fix.sql:2"),
    ]


def test_a_file_set_aside_on_every_server_is_told_once(small: Summary) -> None:
    assert [one.path for one in small.aside] == ["6_broken.sql"]


def test_the_level_is_that_of_the_worst_server(small: Summary) -> None:
    assert small.level is Level.EQUIVALENT
