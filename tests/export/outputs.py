"""Small outputs as `run` would leave them, made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import manifest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIRST = "migrations/00_initial/20250101_000000_rooms.sql"
SECOND = "migrations/01_core_tables/20250101_000001_keys.sql"

FILES = {
    FIRST: "-- Rooms\n\nCREATE TABLE rooms (id int PRIMARY KEY);\n",
    SECOND: "CREATE TABLE keys (room int);\nCOMMENT ON TABLE keys IS 'a; b';\n\n-- the end\n",
    "migrations/README.md": "# Migrations\n",
    "rollback/00_initial/20250101_000000_rooms_rollback.sql": "DROP TABLE rooms;\n",
    "rollback/01_core_tables/20250101_000001_keys_rollback.sql": "DROP TABLE keys;\n",
    "seed/01_rooms.sql": "INSERT INTO rooms VALUES (1);\r\n",
    "seed/02_keys.sql": "INSERT INTO keys VALUES (1);\n",
}
LEGACY = ("20240101_rooms.sql", "20240102_keys.sql", "mappings.yaml")


def output(files: Mapping[str, str] = FILES, legacy: Sequence[str] = LEGACY) -> dict[str, str]:
    """The tree of an output with its manifest."""
    told = manifest.Manifest(
        platform="supabase",
        server="embedded://18",
        major=18,
        inputs=tuple(manifest.Input(path=path, sha256="0") for path in legacy),
        outputs=tuple(
            manifest.Output(path=path, sha256=manifest.digest(text), new=False, sources=())
            for path, text in files.items()
        ),
        objects=(),
        data=(),
        files_without_trace=(),
        quarantine=(),
    )
    return {**files, manifest.PATH: told.text()}
