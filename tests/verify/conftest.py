"""The sample, consolidated once, and changes to what came of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from consolidate import manifest, pipeline, prove

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.pipeline import Consolidated, Job
    from consolidate.verdict import Verdict

ROOT = Path(__file__).parents[2]
SERVER = "embedded://18"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of changes.yaml, where its keys are explained."""

    name: str
    build: str
    file: str
    old: str
    new: str
    object: str
    after: str = ""
    also: list[str] = field(default_factory=list)

    def applied(self, tree: Mapping[str, str]) -> dict[str, str]:
        """The tree with this change.

        Raises:
            LookupError: The text to change does not stand there exactly once.
        """
        pattern = re.compile(self.old, re.DOTALL)
        places = [
            (path, found)
            for path in tree
            if fnmatchcase(path, self.file)
            for found in pattern.finditer(tree[path])
        ]
        if len(places) != 1:
            told = ", ".join(path for path, _ in places) or "nowhere"
            raise LookupError(f"{self.name}: {self.old!r} stands not once in {self.file}: {told}")
        path, found = places[0]
        text = tree[path]
        changed = text[: found.start()] + found.expand(self.new) + text[found.end() :]
        if changed == text:
            raise LookupError(f"{self.name}: nothing changes in {path}")
        return {**tree, path: changed}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sample:
    """The consolidated sample, and what a proof says of changes to it."""

    job: Job
    made: Consolidated
    changes: tuple[Change, ...]
    told: dict[str, Verdict]

    def changed(self, changes: Iterable[Change]) -> dict[str, str]:
        """The output with these changes, and with a manifest that speaks of the changed files."""
        tree = dict(self.made.tree)
        for change in changes:
            tree = change.applied(tree)
        return rehashed(tree)

    def proven(self, build: str) -> Verdict:
        """What the database checks alone say of a build's changes, applied together."""
        if build not in self.told:
            tree = self.changed(change for change in self.changes if change.build == build)
            self.told[build] = prove.prove(self.made.truth, tree, self.job.servers[0])
        return self.told[build]


def rehashed(tree: Mapping[str, str]) -> dict[str, str]:
    """The tree with a manifest that holds its files' real hashes."""
    document = json.loads(tree[manifest.PATH])
    for output in document["outputs"]:
        output["sha256"] = sha256(tree[output["path"]].encode()).hexdigest()
    return {**tree, manifest.PATH: json.dumps(document, indent=2) + "\n"}


def _changes() -> tuple[Change, ...]:
    path = Path(__file__).with_name("changes.yaml")
    return tuple(Change(**entry) for entry in YAML(typ="safe").load(path.read_text("utf-8")))


CHANGES = _changes()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`change` is each change in turn, `build` each build."""
    if "change" in metafunc.fixturenames:
        metafunc.parametrize("change", CHANGES, ids=[change.name for change in CHANGES])
    if "build" in metafunc.fixturenames:
        metafunc.parametrize("build", list(dict.fromkeys(change.build for change in CHANGES)))


@pytest.fixture(scope="session")
def sample() -> Sample:
    request = pipeline.Request(config=ROOT / "mappings.yaml", servers=(SERVER,))
    job = pipeline.prepare(request)
    made = pipeline.consolidate(job, job.servers[0], lambda _: None)
    return Sample(job=job, made=made, changes=CHANGES, told={})
