"""The platform's own statements for what it brought, as `pg_dump` words them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.wording.change import NoWayBack
from consolidate.wording.entries import unowned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.catalog.dump import Entry
    from consolidate.model import ObjectId, Snapshot
    from consolidate.truth import Truth

_TYPES = {
    "table constraint": {"CONSTRAINT", "FK CONSTRAINT", "CHECK CONSTRAINT"},
    "sequence": {"SEQUENCE", "SEQUENCE OWNED BY"},
    "table column": {"DEFAULT"},
    "type": {"TYPE", "DOMAIN"},
    "publication relation": {"PUBLICATION TABLE"},
    "publication namespace": {"PUBLICATION TABLES IN SCHEMA"},
}
"""`pg_dump`'s words for kinds that it calls otherwise."""

_REPLACED = re.compile(r"^CREATE (FUNCTION|PROCEDURE|VIEW|AGGREGATE)\b")
"""What can be written over, so that nothing that uses it has to go."""


def statements(truth: Truth, name: ObjectId) -> Iterator[str]:
    """Those that make the object, with its rights; none where it has no entry."""
    yield from (text for _, text in _entries(truth, name))


def position(truth: Truth, name: ObjectId) -> int:
    """Where they stand among all that makes the platform, what they need before them."""
    return next((number for number, _ in _entries(truth, name)), len(truth.platform_entries))


def _entries(truth: Truth, name: ObjectId) -> Iterator[tuple[int, str]]:
    types = _TYPES.get(name.kind, {name.kind.upper().replace("-", " ")})
    tag = _tag(name)
    told: set[tuple[str | None, str]] = set()
    for number, entry in enumerate(truth.platform_entries):
        qualified = f"{entry.schema}.{entry.name}" if entry.schema else entry.name
        is_it = entry.type in types and tag in {_plain(entry.name), _plain(qualified)}
        hangs_on_it = entry.type.startswith(f"{name.kind.upper()} ") and entry.name.startswith(
            f"{name.identity} "
        )
        if is_it:
            told.add((entry.schema, f"{name.kind.upper()} {entry.name}"))
            told.add((entry.schema, f"COLUMN {entry.name}"))
        if is_it or hangs_on_it or (entry.type == "ACL" and _about(entry) in told):
            yield number, entry.text


def _about(acl: Entry) -> tuple[str | None, str]:
    """The schema of what some rights are to, and its kind and name; of a column, its table's."""
    is_column = acl.name.startswith("COLUMN ")
    return acl.schema, names.parted(acl.name, ".")[0] if is_column else acl.name


def written_over(truth: Truth, name: ObjectId) -> str | None:
    """The statement that puts its definition in place of another one; None if it has none.

    Whose it is does not change by that.

    Raises:
        NoWayBack: It is a view that has other columns now.
    """
    text = next(statements(truth, name), None)
    if text is None:
        return None
    before, after = (_columns(state.facts, name) for state in (truth.platform, truth.final))
    if not after <= before:
        raise NoWayBack("a view that has more columns now can not be written over")
    return _REPLACED.sub(r"CREATE OR REPLACE \1", unowned(text)[0], count=1)


def _columns(snapshot: Snapshot, view: ObjectId) -> set[ObjectId]:
    return {
        name
        for name in snapshot.objects
        if name.kind == "view column" and names.parted(name.identity, ".")[0] == view.identity
    }


def _tag(name: ObjectId) -> str:
    """How `pg_dump` calls an object that hangs on another one: by both, without the schema."""
    if name.kind.startswith("publication "):
        own, publication = names.parted(name.identity, " in publication ")
        return _plain(f"{publication} {names.parted(own, '.')[1]}")
    if name.kind == "table column":
        table, column = names.parted(name.identity, ".")
        return _plain(f"{table} {column}")
    own, table = names.parted(name.identity, " on ")
    return _plain(f"{names.parted(table, '.')[1]} {own}" if own else name.identity)


def _plain(identity: str) -> str:
    """A name as `pg_dump`'s tags and the catalog would both spell it, quotes left away."""
    return identity.replace("pg_catalog.", "").replace(", ", ",").replace('"', "")
