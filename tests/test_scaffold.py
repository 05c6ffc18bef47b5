"""What a new migration is called, where it goes, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consolidate import manifest, scaffold, templates
from consolidate.errors import ConsolidateError, InputProblem, UsageProblem
from tests.test_additions import BASE, LAST, LATER, told

PHASES = ("00_initial", "01_core_tables", "02_infrastructure", "03_enhancements")
TEXTS = {kind: ("(built-in)", templates.builtin(kind)) for kind in templates.Kind}
WISH = scaffold.Wish(name="add rooms", now="20260203_140506", author="Ada")


def begun(wish: scaffold.Wish = WISH, *more: str) -> dict[str, str]:
    parsed = manifest.parse(told(BASE, LAST))
    return dict(scaffold.begin(wish, {BASE, LAST, *more}, parsed, PHASES, TEXTS))


def path_of(wish: scaffold.Wish, *more: str) -> str:
    return next(iter(begun(wish, *more)))


def test_a_migration_and_its_rollback_tell_all_that_is_known() -> None:
    (path, migration), (twin, rollback) = begun().items()
    assert path == "migrations/03_enhancements/20260203_140506_add_rooms.sql"
    assert twin == "rollback/03_enhancements/20260203_140506_add_rooms_rollback.sql"
    head = migration.splitlines()[:5]
    assert head == [
        f"-- Migration: {path}",
        "-- Description: Add rooms",
        "-- Author: Ada",
        "-- Date: 2026-02-03",
        f"-- Rollback: {twin}",
    ]
    assert f"-- {twin}\n-- takes it back." in migration
    assert f"-- Dependencies: applies after {LAST}\n" in migration
    assert rollback.startswith(f"-- Takes back: {path}\n")
    assert "{{" not in migration + rollback


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("add_rooms", "add_rooms"),
        ("Add  Rooms!.sql", "add_rooms"),
        ("Prüfung der Räume", "prufung_der_raume"),
        ("2nd floor", "2nd_floor"),
    ],
)
def test_a_name_becomes_lower_case_words(name: str, stem: str) -> None:
    assert path_of(replace(WISH, name=name)).endswith(f"/20260203_140506_{stem}.sql")


@pytest.mark.parametrize("name", ["", "…", "部屋", "123", "../.."])
def test_a_name_without_a_word_is_refused(name: str) -> None:
    with pytest.raises(UsageProblem, match="gives no name"):
        begun(replace(WISH, name=name))


def test_the_next_free_version_is_taken_where_the_clock_is_behind() -> None:
    late = replace(WISH, now="20240101_000000")
    assert path_of(late) == "migrations/03_enhancements/20250110_000001_add_rooms.sql"
    assert path_of(WISH, LATER.replace("2026", "2099")) == (
        "migrations/03_enhancements/20990101_120001_add_rooms.sql"
    )


def test_the_version_may_be_asked_for() -> None:
    wish = replace(WISH, at="20251231_235959")
    assert path_of(wish) == "migrations/03_enhancements/20251231_235959_add_rooms.sql"


@pytest.mark.parametrize(
    ("wish", "kind", "told_so"),
    [
        (replace(WISH, at="2025"), UsageProblem, "2025 is no version"),
        (replace(WISH, at="20251301_000000"), UsageProblem, "20251301_000000 is no version"),
        (replace(WISH, at="20250110_000000"), InputProblem, "is not later than 20250110_000000"),
        (replace(WISH, at="20250105_000000"), InputProblem, "is not later than 20250110_000000"),
        (replace(WISH, phase="04_more"), UsageProblem, "there is no phase 04_more"),
        (replace(WISH, phase="01_core_tables"), InputProblem, f"would apply before {LAST}"),
    ],
)
def test_what_can_not_be_is_refused(
    wish: scaffold.Wish, kind: type[ConsolidateError], told_so: str
) -> None:
    with pytest.raises(kind, match=told_so) as caught:
        begun(wish)
    assert caught.value.hint


def test_a_rollback_that_is_there_already_is_not_overwritten() -> None:
    with pytest.raises(InputProblem, match="is there already"):
        begun(WISH, "rollback/03_enhancements/20260203_140506_add_rooms_rollback.sql")


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("-- {{ nmae }}", "team.sql: 'nmae' is undefined; known are path, rollback"),
        ("-- a\n-- {{ name", "team.sql:2: "),
        ("-- {{ 1 / 0 }}", "team.sql: division by zero"),
        ("-- {{ name.__class__.__mro__ }}", "team.sql: access to attribute"),
    ],
)
def test_a_template_that_is_wrong_is_told_by_its_name(template: str, problem: str) -> None:
    blank = templates.Blank(
        **dict.fromkeys(
            ("path", "rollback", "phase", "version", "name", "title", "date", "author", "after"),
            "x",
        )
    )
    with pytest.raises(InputProblem) as caught:
        templates.fill(template, blank, name="team.sql")
    assert caught.value.problems[0].startswith(problem)
