"""The how-to for Supabase shows what the program prints, and its commands work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

from consolidate import cutover, export, files

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/howto/supabase.md").read_text(encoding="utf-8")
TREE = files.read_tree(ROOT / "output")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_seeds_are_those_that_export_prints() -> None:
    assert _blocks("toml") == [export.export("supabase", TREE).advice]


def test_the_warnings_are_those_of_the_sample() -> None:
    warnings = cutover.cutover("supabase", TREE).warnings
    told = "".join(f"warning: {warning}\n" for warning in warnings)
    assert _blocks("console") == [f"$ consolidate cutover > cutover.sql\n{told}"]


def test_the_example_of_a_name_is_one_of_the_sample() -> None:
    origins = export.export("supabase", TREE).origins
    path = "supabase/migrations/20250102000000_rooms_table.sql"
    assert f"`{path}`" in PAGE
    assert f"`{origins[path]}`" in PAGE


def test_the_commands_work(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "output", tmp_path / "output")
    (tmp_path / "applied.txt").write_text("20231106\n")
    commands = [
        line
        for block in _blocks("sh")
        for line in block.splitlines()
        if line.startswith(("consolidate export", "consolidate cutover"))
    ]
    assert len(commands) == 3
    path = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    for command in commands:
        subprocess.run(
            ["sh", "-c", command],  # noqa: S607 - any shell
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            check=True,
            capture_output=True,
        )
    assert (tmp_path / "cutover.sql").read_text().endswith("COMMIT;\n")
    assert (tmp_path / "undo.sql").read_text() == cutover.cutover("supabase", TREE).undo()
    assert (tmp_path / "export/export.json").is_file()
