"""Small schemas made by hand: tables with foreign keys, and what hangs on them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate.catalog.depend import Dependencies
from consolidate.groups.automatic import Proposal, proposals
from consolidate.model import Fact, ObjectId, Snapshot, StatementId
from consolidate.relations import Relations
from consolidate.wording.text import Span
from consolidate.wording.units import InlineKey
from tests.render.conftest import Maker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.truth import Truth
    from consolidate.wording.units import Unit


class Schema:
    """Collects units and what they need; `files()` is what would be proposed for them."""

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self._needs: dict[ObjectId, set[ObjectId]] = {}
        self._facts: set[Fact] = set()
        self._made: dict[str, list[ObjectId]] = {}
        self._texts: dict[str, str] = {}

    def table(self, name: str, *targets: str, columns: Iterable[str] = (), file: str = "") -> Unit:
        """A table with a foreign key to each target; `T` in `public`."""
        made = _named("table", name)
        keys = tuple(
            InlineKey(
                ObjectId("table constraint", f"{name}_{number} on {made.identity}"), Span(0, 0), ""
            )
            for number, _ in enumerate(targets)
        )
        for key, target in zip(keys, targets, strict=True):
            self._needs[key.object] = {_named("table", target)}
        for column in columns:
            whole = ObjectId("table column", f"{made.identity}.{column}")
            self._facts.add(Fact(whole, "type", "integer"))
        if file:
            self._made.setdefault(file, []).append(made)
        unit = self._add(made, "TABLE", made)
        self.units[-1] = replace(
            unit, keys=keys, members=unit.members | {key.object for key in keys}
        )
        return self.units[-1]

    def other(
        self,
        type_: str,
        name: str,
        *needs: Unit,
        on: Unit | None = None,
        used_by: Iterable[Unit] = (),
        names: Iterable[Unit] = (),
    ) -> Unit:
        """Anything else, which needs some units, hangs on a table, is used by some.

        `names` are tables that the body of a function names, which the static reading finds.
        """
        made = _named(type_.lower(), name)
        unit = self._add(made, type_, on.object if on else made)
        self._needs.setdefault(made, set()).update(one.object for one in needs)
        if on:
            self._needs[made].add(on.object)
        for user in used_by:
            self._needs.setdefault(user.object, set()).add(made)
        if listed := sorted(one.object.identity for one in names):
            body = " ".join(f"DELETE FROM {one};" for one in listed)
            head = made.identity.replace("integer", "a integer")
            self._texts[f"{len(self._texts):04}_{name.partition('(')[0]}.sql"] = (
                f"CREATE FUNCTION {head} RETURNS trigger LANGUAGE plpgsql AS "
                f"$$BEGIN {body} RETURN NULL; END$$;"
            )
        return unit

    def files(self) -> tuple[Proposal, ...]:
        """What is proposed, in apply order."""
        truth = self.truth()
        return proposals(truth, self.units, Relations(truth, self.units))

    def targets(self, unit: Unit) -> set[str]:
        """The tables that a table's foreign keys point at."""
        found = {on for key in unit.keys for on in self._needs[key.object]}
        return {on.identity.removeprefix("public.") for on in found}

    def held(self) -> dict[str, set[str]]:
        """What each file holds: `public` is left away."""
        return {
            one.name: {name.identity.replace("public.", "") for name in one.objects}
            for one in self.files()
        }

    def tables(self) -> dict[str, set[str]]:
        """The tables of each file that has some."""
        found = {
            one.name: {
                name.identity.removeprefix("public.")
                for name in one.objects
                if name.kind == "table"
            }
            for one in self.files()
        }
        return {name: tables for name, tables in found.items() if tables}

    def truth(self) -> Truth:
        """What the units are the wording of."""
        declared = "\n".join(
            f"CREATE TABLE {unit.object.identity} ();"
            for unit in self.units
            if unit.type == "TABLE" and unit.object.identity.startswith("public.")
        )
        texts = {"0000_tables.sql": declared or "SELECT 1;", **self._texts}
        texts |= dict.fromkeys(sorted(self._made), "SELECT 1;")
        number = {path: n for n, path in enumerate(texts, 1)}
        created = {
            table: StatementId(f"{number[file]:04}#1")
            for file, tables in self._made.items()
            for table in tables
        }
        truth = Maker().truth(texts, trace=replace(Maker.trace(), created=created))
        needs: Mapping[ObjectId, frozenset[ObjectId]] = {
            name: frozenset(on) for name, on in self._needs.items()
        }
        facts = Snapshot(major=18, facts=frozenset(self._facts))
        return replace(
            truth,
            depend=Dependencies(needs=needs, parent={}),
            final=replace(truth.final, facts=facts),
        )

    def _add(self, made: ObjectId, type_: str, family: ObjectId) -> Unit:
        step = Maker.step(made.identity, "", kind=made.kind, type_=type_, ordinal=len(self.units))
        self.units.append(replace(step.unit, family=family))
        return self.units[-1]


def _named(kind: str, name: str) -> ObjectId:
    identity = name if "." in name or " " in name or kind == "extension" else f"public.{name}"
    return ObjectId(kind, identity)
