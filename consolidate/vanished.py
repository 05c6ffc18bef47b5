"""Tells what a history made and its final database does not have, and which statement removed it.

The trace knows what a server dropped, inside DO blocks too; the static graph knows the rest: what
event triggers do not see (columns, roles), renames, and where an object was made.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.lives import Touched
from consolidate.model import ObjectId
from consolidate.provenance import Provenance
from consolidate.revoked import Revoked, revoked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.graph import Record
    from consolidate.model import StatementId
    from consolidate.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """An object that the final database does not have."""

    object: ObjectId
    """Under the name that it had when it was removed."""
    by: str
    """`file:line` of the statement that removed it."""
    made: str = ""
    """`file:line` of the statement that made it, as far as that can be read."""
    first: ObjectId | None = None
    """The name that it was made under, where that is another."""
    brought: bool = False
    """Whether the platform brought it."""
    along: tuple[ObjectId, ...] = ()
    """What was a part of it, or hung on it, and went with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """An object that the final database has under another name than it was made under."""

    first: ObjectId
    object: ObjectId
    by: tuple[str, ...]
    """`file:line` of every statement that renamed or moved it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded:
    """An object of whose name there was an earlier one, or whose text was another."""

    object: ObjectId
    dropped: tuple[str, ...] = ()
    """`file:line` of the statements that dropped what bore the name before."""
    replaced: tuple[str, ...] = ()
    """`file:line` of the statements that replaced its definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRemoved:
    """Rows of a table that is still there."""

    table: ObjectId
    rows: int | None
    """None where they were not counted, since a TRUNCATE took them all."""
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanished:
    """All that disappeared on the way to the final database, in the order of the statements."""

    removed: tuple[Removed, ...]
    renamed: tuple[Renamed, ...]
    superseded: tuple[Superseded, ...]
    rows: tuple[RowsRemoved, ...]
    rights: tuple[Revoked, ...] = ()


def vanished(truth: Truth) -> Vanished:
    """What the history of a truth made and did not keep."""
    reader = _Reader(truth)
    return Vanished(
        removed=reader.removed(),
        renamed=reader.renamed(),
        superseded=reader.superseded(),
        rows=reader.rows(),
        rights=revoked(truth),
    )


_RELATIONS = frozenset({"table", "foreign table", "view", "materialized view", "type"})
_REBUILT = frozenset({"default value", "index", "rule", "table constraint"})
"""Kinds that ALTER TABLE drops and makes again where a column's type changes."""
_ON_TABLE = frozenset({"table constraint", "trigger", "policy", "rule"})


class _Reader:
    """What trace and graph know together."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._records = truth.graph.records()
        self._places = Provenance.of(truth)
        self._here = (
            truth.final.facts.objects
            | truth.depend.parent.keys()
            | truth.trace.touches.keys()
            | truth.trace.created.keys()
        )
        self._named = self._here | truth.trace.vanished.keys()
        self._last = {record.last: record for record in self._records}
        self._drops = self._dropped()
        self._by_statement: Mapping[StatementId, set[ObjectId]] = defaultdict(set)
        for name, statements in self._drops.items():
            for statement in statements:
                self._by_statement[statement].add(name)

    def _dropped(self) -> Mapping[ObjectId, tuple[StatementId, ...]]:
        """The statements that dropped each name, in order, what PostgreSQL makes itself left out.

        What was read in the text alone counts where the object is not there in the end: a DROP
        may be taken back. What the same statement made again, such as the index of a column whose
        type it changed, was never away.
        """
        traced = self._truth.trace.vanished
        found: dict[ObjectId, set[StatementId]] = defaultdict(set)
        for name, touches in traced.items():
            rebuilt = self._truth.trace.created.get(name) if name.kind in _REBUILT else None
            by = {touch.statement for touch in touches if touch.tag == "DROP"}
            found[name] |= by - {rebuilt}
        for record in self._records:
            if record.ended and (record.last not in self._here or not traced):
                found[record.last] |= {
                    touch.statement_id for touch in record.touches if touch.what is Touched.DROPPED
                }
        return {
            name: self._sorted(statements)
            for name, statements in found.items()
            if not self._is_implied(name) and self._sorted(statements)
        }

    def _is_implied(self, name: ObjectId) -> bool:
        """Whether PostgreSQL makes it for something else, or it is a session's own."""
        identity = name.identity
        if "pg_toast." in identity or "pg_temp." in identity:
            return True
        match name.kind:
            case "type":
                rows_of = (ObjectId(kind, identity) for kind in _RELATIONS - {"type"})
                return identity.endswith("[]") or any(one in self._named for one in rows_of)
            case "trigger":
                return identity.startswith('"RI_ConstraintTrigger_')
            case "rule":
                return identity.startswith('"_RETURN" on ')
            case _:
                return False

    # -- what is gone ---------------------------------------------------------------------

    def removed(self) -> tuple[Removed, ...]:
        gone = {name: by[-1] for name, by in self._drops.items() if name not in self._here}
        homes = {name: self._home(name, gone) for name in gone}
        along: dict[ObjectId, list[ObjectId]] = defaultdict(list)
        for name, home in homes.items():
            if home is not None:
                along[home].append(name)
        return tuple(
            self._removed(name, gone[name], along[name])
            for name in sorted(gone, key=lambda name: (self._truth.order[gone[name]], name))
            if homes[name] is None
        )

    def _removed(self, name: ObjectId, by: StatementId, along: list[ObjectId]) -> Removed:
        record, made = self._last.get(name), self._maker(name)
        return Removed(
            object=name,
            by=self._place(by),
            made=self._place(made) if made else "",
            first=record.first if record is not None and record.first != name else None,
            brought=name in self._truth.platform.facts.objects,
            along=tuple(sorted(along)),
        )

    def _maker(self, name: ObjectId) -> StatementId | None:
        """The statement that made what was dropped last under a name."""
        if (record := self._last.get(name)) is not None:
            made = [touch.statement_id for touch in record.touches[:1]]
        else:
            traced = self._truth.trace.vanished.get(name, ())
            made = [t.statement for t in reversed(traced) if t.tag.startswith("CREATE")]
        return made[0] if made and made[0] in self._truth.order else None

    def _home(self, name: ObjectId, gone: Mapping[ObjectId, StatementId]) -> ObjectId | None:
        """What it belongs to, if that went with the same statement; but never itself."""
        relation = self._relation(name)
        candidates = [ObjectId(kind, relation) for kind in sorted(_RELATIONS)]
        if name.kind == "default value":
            column = ObjectId("table column", name.identity.removeprefix("for "))
            candidates.append(column)
        with_it = (one for one in candidates if one != name and self._went(one, name, gone))
        return next(with_it, None) or self._extension(name, gone)

    def _extension(self, name: ObjectId, gone: Mapping[ObjectId, StatementId]) -> ObjectId | None:
        """The extension whose script made it, if that went with the same statement."""
        made = self._maker(name)
        if made is None or self._truth.statements[made].kind != "CreateExtensionStmt":
            return None
        together = (one for one in sorted(self._by_statement[gone[name]]) if one != name)
        return next(
            (one for one in together if one.kind == "extension" and self._maker(one) == made), None
        )

    @staticmethod
    def _went(one: ObjectId, name: ObjectId, gone: Mapping[ObjectId, StatementId]) -> bool:
        return one in gone and gone[one] == gone[name]

    def _relation(self, name: ObjectId) -> str:
        """The identity of the table, view or composite type that it is a part of or hangs on."""
        if name.kind.endswith(" column"):
            return names.parted(name.identity, ".")[0]
        if name.kind == "default value":
            return names.parted(name.identity.removeprefix("for "), ".")[0]
        if name.kind in _ON_TABLE:
            return names.parted(name.identity, " on ")[1]
        record = self._last.get(name)
        return record.whole.identity if record is not None and record.whole != name else ""

    # -- what is otherwise ----------------------------------------------------------------

    def renamed(self) -> tuple[Renamed, ...]:
        found = [
            (self._order(record), record)
            for record in self._records
            if not record.ended and record.first != record.last and self._is_renamed(record)
        ]
        return tuple(
            Renamed(
                first=record.first,
                object=record.last,
                by=self._touched(record, Touched.RENAMED),
            )
            for _, record in sorted(found, key=lambda pair: (pair[0], pair[1].last))
        )

    def _order(self, record: Record) -> int:
        ids = [t.statement_id for t in record.touches if t.what is Touched.RENAMED]
        return min((self._truth.order[one] for one in ids if one in self._truth.order), default=0)

    @staticmethod
    def _is_renamed(record: Record) -> bool:
        """Whether it got a name of its own, and not only followed its table's."""
        if record.whole == record.last and record.last.kind not in _ON_TABLE:
            return True
        return _own(record.first) != _own(record.last)

    def superseded(self) -> tuple[Superseded, ...]:
        dropped = {
            name: by
            for name, by in self._drops.items()
            if name in self._here and not self._is_followed(name, by[-1])
        }
        replaced = {
            record.last: self._touched(record, Touched.REPLACED)
            for record in self._records
            if not record.ended and self._touched(record, Touched.REPLACED)
        }
        return tuple(
            Superseded(
                object=name,
                dropped=tuple(map(self._place, dropped.get(name, ()))),
                replaced=replaced.get(name, ()),
            )
            for name in sorted({*dropped, *replaced})
        )

    def _is_followed(self, name: ObjectId, by: StatementId) -> bool:
        """Whether it went with its relation, which is told by itself."""
        together = self._by_statement[by]
        relation = self._relation(name)
        return any(ObjectId(k, relation) in together - {name} for k in _RELATIONS)

    def rows(self) -> tuple[RowsRemoved, ...]:
        found = {
            (statement, table): counts.deleted
            for statement, tables in self._truth.trace.rows.items()
            for table, counts in tables.items()
            if counts.deleted
        }
        removed: dict[tuple[StatementId, ObjectId], int | None] = dict(found)
        for record in self._records:
            for touch in record.touches:
                statement = self._truth.statements.get(touch.statement_id)
                emptied = statement is not None and statement.kind == "TruncateStmt"
                if emptied and touch.what is Touched.ROWS and not record.ended:
                    removed.setdefault((touch.statement_id, record.last), None)
        ordered = sorted(removed, key=lambda key: (self._truth.order[key[0]], key[1]))
        return tuple(
            RowsRemoved(table=key[1], rows=removed[key], by=self._place(key[0])) for key in ordered
        )

    # -- places ---------------------------------------------------------------------------

    def _touched(self, record: Record, what: Touched) -> tuple[str, ...]:
        return self._places.places(t.statement_id for t in record.touches if t.what is what)

    def _place(self, statement: StatementId) -> str:
        return self._truth.statements[statement].place

    def _sorted(self, statements: Iterable[StatementId]) -> tuple[StatementId, ...]:
        known = [one for one in statements if one in self._truth.order]
        return tuple(sorted(known, key=self._truth.order.__getitem__))


def _own(name: ObjectId) -> str:
    """The name without that of what it stands in or on."""
    if name.kind in _ON_TABLE:
        return names.parted(name.identity, " on ")[0]
    if name.kind == "default value":
        return ""
    return names.parted(name.identity, ".")[1]
