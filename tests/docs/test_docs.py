"""The documents speak of what there is, of all of it, and of nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

from consolidate import config, findings, tally
from consolidate.cli.app import app
from consolidate.errors import ConsolidateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs/explain/architecture.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], key=lambda page: page.as_posix())


def _page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def _modules() -> set[str]:
    """Every module as the architecture spells it; a package stands for its `__init__.py`."""
    paths = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("consolidate/**/*.py")}
    return {path.removesuffix("__init__.py") for path in paths} - {"consolidate/"}


def _described(page: str) -> dict[str, str]:
    """The modules that the architecture lists, each with its sentence."""
    return dict(re.findall(r"^- `(consolidate/[^`]+)`: (.*)$", page, re.MULTILINE))


def _mentioned(page: str) -> set[str]:
    return set(re.findall(r"consolidate/[\w/]*(?:\.py|/)(?!\w)", page))


def test_every_module_has_one_sentence_in_the_architecture() -> None:
    described = _described(ARCHITECTURE)
    assert described.keys() == _modules()
    assert [name for name, said in described.items() if not re.fullmatch(r"\S.*\S\.", said)] == []
    assert len(re.findall(r"^- `consolidate/", ARCHITECTURE, re.MULTILINE)) == len(described)


def test_every_module_that_a_page_names_exists() -> None:
    named = {name for page in PAGES for name in _mentioned(page.read_text(encoding="utf-8"))}
    assert {name for name in named if not (ROOT / name).exists()} == set()
    assert _mentioned("see `consolidate/gone.py`") == {"consolidate/gone.py"}


def test_the_architecture_shows_the_import_contract_as_it_is_checked() -> None:
    contract = re.search(
        r"^layers = \[\n(.*?)^\]",
        (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert contract
    layers = re.findall(r'^  "([^"]+)"', contract[1], re.MULTILINE)
    shown = re.search(r"do not know each other:\n\n```\n(.*?)```", ARCHITECTURE, re.DOTALL)
    assert shown
    assert shown[1].splitlines() == [layer.replace(" : ", " with ") for layer in layers]


def test_every_finding_is_explained_and_every_code_explained_exists() -> None:
    assert re.findall(r"^\| (CON\d+) \|", _page("reference/findings.md"), re.MULTILINE) == sorted(
        findings.CODES
    )
    written = {
        code
        for path in ROOT.glob("consolidate/**/*.py")
        for code in re.findall(r'"(CON\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert written == findings.CODES.keys()


def _keys(schema: Mapping[str, Any], node: Mapping[str, Any], prefix: str) -> Iterable[str]:
    """Every key below a node of the JSON Schema, as the reference spells it."""
    for name, value in node.get("properties", {}).items():
        yield f"{prefix}{name}"
        for place, mark in ((value, ""), (value.get("items", {}), "[]")):
            for choice in (place, *place.get("anyOf", ())):
                if "$ref" in choice:
                    inner = schema["$defs"][choice["$ref"].rpartition("/")[2]]
                    yield from _keys(schema, inner, f"{prefix}{name}{mark}.")


def test_every_key_of_the_configuration_is_in_its_reference() -> None:
    schema = json.loads(config.schema())
    expected = set(_keys(schema, schema, ""))
    assert {"groups", "groups[].objects", "legacy.order", "rollback.cascade"} <= expected
    listed = re.findall(r"^\| `([^`]+)` \|", _page("reference/config.md"), re.MULTILINE)
    sections = {"rollback"}
    assert sorted(listed) == sorted(expected - sections)


def test_every_exit_code_is_in_its_reference() -> None:
    codes = {ConsolidateError.exit_code} | {e.exit_code for e in ConsolidateError.__subclasses__()}
    page = _page("reference/exit-codes.md")
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    assert listed == codes | {0, 1, 130}
    told = re.search(r"## Exit codes\n\n(.*?)\[", README, re.DOTALL)
    assert told
    assert {int(c) for c in re.findall(r"(\d+) ", told[1])} == listed


def test_every_command_and_option_that_the_readme_names_exists() -> None:
    commands: Mapping[str, Any] = getattr(get_command(app), "commands")  # noqa: B009
    assert set(re.findall(r"bin/consolidate (\w+)", README)) <= commands.keys()
    assert set(re.findall(r"^- `(\w+)(?: NAME)?` ", README, re.MULTILINE)) == commands.keys()
    known = {o for command in commands.values() for p in command.params for o in p.opts}
    assert set(re.findall(r"(?<![\w-])--[a-z]+", README)) <= known
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z.]+):.*##", makefile, re.MULTILINE))
    assert {t for page in PAGES for t in _targets(page.read_text(encoding="utf-8"))} <= targets


def _targets(page: str) -> set[str]:
    return set(re.findall(r"(?:`|^ +)make (?:\w+=\S+ )*([a-z.]+)", page, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    assert _dead_links(page, page.read_text(encoding="utf-8")) == []


def test_a_dead_link_would_be_seen() -> None:
    page = ROOT / "README.md"
    text = "[a](docs/gone.md) [b](docs/README.md#nowhere) [c](README.md#limits) [d](https://x.y)"
    assert _dead_links(page, text) == ["docs/gone.md", "docs/README.md#nowhere"]


def _dead_links(page: Path, text: str) -> list[str]:
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if link.startswith("https://"):
            continue
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            dead.append(link)
    return dead


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_the_numbers_in_the_readme_are_those_of_the_committed_output() -> None:
    told = re.search(
        r"^Plan: (\d+) statements in (\d+) files → (\d+) statements in (\d+) files, (\d+) phases;",
        README,
        re.MULTILINE,
    )
    assert told
    legacy = sorted((ROOT / "legacy_migrations").glob("*.sql"))
    manifest = json.loads((ROOT / "output/manifest.json").read_text(encoding="utf-8"))
    paths = [output["path"] for output in manifest["outputs"] if not output["new"]]
    made = [p for p in paths if p.endswith(".sql") and p.startswith(("migrations/", "seed/"))]
    guard = 1
    assert [int(number) for number in told.groups()] == [
        sum(tally.commands(path.read_text(encoding="utf-8-sig")) for path in legacy),
        len(legacy),
        sum(tally.commands((ROOT / "output" / p).read_text(encoding="utf-8")) for p in made)
        - guard,
        len(made),
        len({path.split("/")[1] for path in made if path.startswith("migrations/")}),
    ]
