"""What `new` does: reads the output and the templates, and adds the two files to it."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from consolidate import files, manifest, pipeline, scaffold, templates
from consolidate.errors import InputProblem, UsageProblem
from consolidate.report import console

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from consolidate.config import Config


def begin(request: pipeline.Request, name: str | None, *, phase: str | None, at: str | None) -> int:
    """Writes the migration and its rollback, and says where."""
    if name is None:
        raise UsageProblem(
            "A new migration needs a name.", hint="For example: consolidate new add_rooms_table"
        )
    config, root = pipeline.configured(request)
    output = request.output or root / config.output
    wish = scaffold.Wish(
        name=name,
        now=f"{datetime.now().astimezone():%Y%m%d_%H%M%S}",
        at=at,
        phase=phase,
        author=_author(root),
    )
    texts = {kind: _template(kind, config, root) for kind in templates.Kind}
    told = _manifest(output)
    made = scaffold.begin(wish, files.listed(output), told, config.phases, texts)
    files.add(output, made)
    console.write("".join(f"{output / path}\n" for path in made))
    return 0


def show(request: pipeline.Request, kind: templates.Kind) -> int:
    """Prints a template."""
    config, root = pipeline.configured(request)
    console.write(_template(kind, config, root)[1])
    return 0


def _manifest(output: Path) -> manifest.Manifest:
    file = output / manifest.PATH
    tree = {}
    with suppress(OSError, UnicodeDecodeError):
        tree[manifest.PATH] = file.read_text(encoding="utf-8")
    return manifest.parse(manifest.found_in(tree, str(output)), str(file))


def _template(kind: templates.Kind, config: Config, root: Path) -> tuple[str, str]:
    """The name and the text of the team's template, or else of ours."""
    given: Mapping[templates.Kind, str | None] = {
        templates.Kind.MIGRATION: config.templates.migration,
        templates.Kind.ROLLBACK: config.templates.rollback,
    }
    path = given[kind]
    if path is None:
        return f"(built-in {kind} template)", templates.builtin(kind)
    try:
        return path, (root / path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputProblem(
            f"The template {path} can not be read: {error}",
            hint="`templates:` in the configuration names it.",
        ) from error


def _author(root: Path) -> str:
    """Who git says is at work in the project; empty where it does not say."""
    git = shutil.which("git")
    if git is None:
        return ""
    asked = subprocess.run(  # noqa: S603 - a fixed question
        [git, "config", "user.name"], cwd=root, capture_output=True, text=True, check=False
    )
    return " ".join(asked.stdout.split())
