"""Changes to an output, as `changes.yaml` lists them, and a manifest that does not betray them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from consolidate import manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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


def changed(tree: Mapping[str, str], changes: Iterable[Change]) -> dict[str, str]:
    """The tree with these changes and with a manifest that holds the changed files' hashes."""
    result = dict(tree)
    for change in changes:
        result = change.applied(result)
    document = json.loads(result[manifest.PATH])
    for output in document["outputs"]:
        if output["path"] in result:  # a baseline is told apart from what is new
            output["sha256"] = sha256(result[output["path"]].encode()).hexdigest()
    return {**result, manifest.PATH: json.dumps(document, indent=2) + "\n"}


def _load() -> tuple[Change, ...]:
    path = Path(__file__).with_name("changes.yaml")
    return tuple(Change(**entry) for entry in YAML(typ="safe").load(path))


CHANGES = _load()
