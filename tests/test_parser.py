"""The parser builds the trees that pglast builds, field by field, and of the same types."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from consolidate import parser

_ROOT = Path(__file__).parent.parent
_TEXTS = (
    "SELECT true, false, NULL, 1, 1.5, 'x', B'1', ARRAY[1, 2] FROM t WHERE a IN (1, 2)",
    "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int GENERATED ALWAYS AS (1) STORED)",
    "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u ON DELETE CASCADE DEFERRABLE",
    "CREATE POLICY p ON t FOR UPDATE TO PUBLIC USING (true)",
)
_PLAIN = """
import json, sys
import pglast
trees = [pglast.parse_sql(text) for text in json.load(sys.stdin)]
from tests.test_parser import told  # which imports ours
json.dump([told(tree) for tree in trees], sys.stdout)
"""


def texts() -> list[str]:
    """Statements of many kinds: all that the sample has, and some more."""
    files = sorted((_ROOT / "legacy_migrations").glob("*.sql"))
    return [*_TEXTS, *(file.read_text(encoding="utf-8-sig") for file in files)]


def told(tree: Any) -> str:  # noqa: ANN401 - a node, a tuple or a value
    """A tree as text, with the type of every value in it."""
    if isinstance(tree, tuple):
        return f"({', '.join(map(told, tree))})"
    slots = getattr(tree, "__slots__", None)
    if isinstance(slots, dict):
        inside = ", ".join(f"{slot}={told(getattr(tree, slot))}" for slot in slots)
        return f"{type(tree).__name__}({inside})"
    return f"{type(tree).__name__}:{tree!r}"


def test_every_field_of_a_tree_is_as_pglast_has_it() -> None:
    plain = subprocess.run(
        [sys.executable, "-c", _PLAIN],
        cwd=_ROOT,
        input=json.dumps(texts()),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert [told(parser.parse_sql(text)) for text in texts()] == json.loads(plain)
