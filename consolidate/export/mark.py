"""Writes and reads `export.json`, by which an exported folder is known to be ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from consolidate import manifest
from consolidate.errors import InputProblem

if TYPE_CHECKING:
    from consolidate.export.exported import Exported

PATH = "export.json"
FORMAT = "consolidate/export@1"


def text(exported: Exported) -> str:
    """What is written at the top of an exported folder: each file, its hash and its origin."""
    document = {
        "format": FORMAT,
        "runner": exported.runner,
        "files": [
            {"path": path, "sha256": manifest.digest(told), "from": exported.origins[path]}
            for path, told in sorted(exported.files.items())
        ],
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def listed(told: str) -> frozenset[str]:
    """The files that an `export.json` lists.

    Raises:
        InputProblem: It is none.
    """
    try:
        document = json.loads(told)
        if document["format"] != FORMAT:
            raise InputProblem(f"{PATH} is not a {FORMAT}")
        return frozenset(str(file["path"]) for file in document["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputProblem(f"{PATH} is not a {FORMAT}: {error}") from error
