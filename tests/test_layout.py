"""Which files of an output are applied, in which order, and where their rollbacks stand."""

from __future__ import annotations

import pytest

from consolidate.layout import in_order, rollback_of
from consolidate.plan import Folder, Slot


def test_migrations_come_in_byte_order_and_then_the_seeds() -> None:
    paths = (
        "seed/00_first.sql",
        "migrations/01_b/20250101_000000_a.sql",
        "migrations/00_a/20250102_000000_b.sql",
        "migrations/00_a/20250101_000000_z.sql",
        "migrations/00_a/20250101_000000_Z.sql",
        "migrations/00_a/20250101_000000_é.sql",
    )
    assert in_order(dict.fromkeys(paths, "")) == (
        "migrations/00_a/20250101_000000_Z.sql",
        "migrations/00_a/20250101_000000_z.sql",
        "migrations/00_a/20250101_000000_é.sql",
        "migrations/00_a/20250102_000000_b.sql",
        "migrations/01_b/20250101_000000_a.sql",
        "seed/00_first.sql",
    )


def test_nothing_else_is_applied() -> None:
    tree = dict.fromkeys(
        (
            "README.md",
            "manifest.json",
            "migrations/README.md",
            "migrations/00_a/README.md",
            "rollback/00_a/x_rollback.sql",
            "rollback/emergency_rollback.sql",
            "old/migrations/00_a/x.sql",
            "migrations.sql",
        ),
        "",
    )
    assert in_order(tree) == ()


@pytest.mark.parametrize(
    ("slot", "rollback"),
    [
        (
            Slot(Folder.MIGRATIONS, "00_initial", "20250101_000000_schema"),
            "rollback/00_initial/20250101_000000_schema_rollback.sql",
        ),
        (Slot(Folder.SEED, "", "01_rooms"), "rollback/seed/01_rooms_rollback.sql"),
        (Slot(Folder.SEED, "", "v1.2_rooms"), "rollback/seed/v1.2_rooms_rollback.sql"),
    ],
)
def test_a_rollback_stands_beside_those_of_its_phase(slot: Slot, rollback: str) -> None:
    assert rollback_of(slot.path) == slot.rollback_path == rollback


def test_two_files_never_share_a_rollback() -> None:
    paths = "migrations/00_a/x.sql", "migrations/01_b/x.sql", "seed/x.sql"
    assert [rollback_of(path) for path in paths] == [
        "rollback/00_a/x_rollback.sql",
        "rollback/01_b/x_rollback.sql",
        "rollback/seed/x_rollback.sql",
    ]
