"""Adds the columns and attributes again that were dropped from what the platform brought.

PostgreSQL adds a column behind all others and without what was in it. The rest of it comes back, so
that what stands on it, such as a view or a constraint, can be made again, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.wording import brought, comments, relation_changes, rights
from consolidate.wording.change import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consolidate.model import ObjectId
    from consolidate.truth import Truth

LOST = "it was dropped, and comes back as the last one, without what was in it"
"""What is told of each."""

KINDS = {"table column", "foreign table column", "composite type column"}

_SAID_WITH_IT = {
    *("exists", "type", "collation", "position", "not null", "default", "generated", "expression"),
    *("identity", "inherited", "not local", "comment"),
}
"""Attributes that ADD COLUMN says, that follow, or that are worded elsewhere."""


def statements(truth: Truth, name: ObjectId) -> Iterator[str]:
    """Those that add it, if it did not go with its parent's."""
    before = truth.platform.facts.of(name)
    whole, own = names.parted(name.identity, ".")
    if "inherited" in before:
        return
    kind = name.kind.removesuffix(" column").upper()
    collation = f" COLLATE {before['collation']}" if "collation" in before else ""
    if name.kind == "composite type column":
        yield f"ALTER TYPE {whole} ADD ATTRIBUTE {own} {before['type']}{collation} CASCADE;"
        return
    said = [f"{before['type']}{collation}", *_value(truth, name)]
    if "server option" in " ".join(before):
        said.append(_options(before))
    yield f"ALTER {kind} {whole} ADD COLUMN {own} {' '.join(said)};"
    if "not null" in before and "identity" not in before:
        yield where_rows_allow(f"ALTER {kind} {whole} ALTER COLUMN {own} SET NOT NULL;", str(name))
    after = {"exists": "column", "type": before["type"]}
    for attribute in sorted(before):
        if attribute in _SAID_WITH_IT or attribute.startswith(("grant ", "server option ")):
            continue
        yield relation_changes.of_column(
            Change(
                object=name,
                attribute=attribute,
                before=before,
                after=after,
                major=truth.final.facts.major,
            )
        )
    yield from rights.granted(truth.platform.facts, name)


def speaks_of(definition: str, column: str) -> bool:
    """Whether a constraint's definition names a column."""
    return bool(re.search(rf'(?<![\w"]){re.escape(column)}(?![\w"])', definition))


def where_rows_allow(statement: str, what: str) -> str:
    """A statement that puts back a constraint on what was lost, if no row is against it."""
    warning = names.literal(f"{what}: its constraint is not back, for rows lost what it asks for")
    block = _WHERE_ROWS_ALLOW.format(statement=statement, warning=warning)
    return names.retagged(block, "kept")


_WHERE_ROWS_ALLOW = """\
DO $kept$
BEGIN
    {statement}
EXCEPTION WHEN integrity_constraint_violation THEN
    RAISE WARNING '%', {warning};
END
$kept$;"""


def _value(truth: Truth, name: ObjectId) -> Iterator[str]:
    """What fills it: a default that is worded apart from its table is set later."""
    before = truth.platform.facts.of(name)
    if "generated" in before:
        yield f"GENERATED ALWAYS AS ({before['expression']}) {before['generated'].upper()}"
    elif "identity" in before:
        yield from (
            said[said.index("GENERATED ") :].rstrip(";")
            for sequence in truth.platform.facts.objects
            if truth.platform.facts.of(sequence).get("identity of") == name.identity
            for said in brought.statements(truth, sequence)
            if "GENERATED " in said
        )
    elif "default" in before and not any(brought.statements(truth, name)):
        yield f"DEFAULT {before['default']}"


def _options(before: Mapping[str, str]) -> str:
    head = "server option "
    told = (
        f"{names.quote(key.removeprefix(head))} {names.literal(value)}"
        for key, value in sorted(before.items())
        if key.startswith(head)
    )
    return f"OPTIONS ({', '.join(told)})"


def turn(truth: Truth, name: ObjectId) -> int:
    """When: as soon as its table or type is there, for its own type was there before that."""
    return brought.position(truth, comments.whole(name))
