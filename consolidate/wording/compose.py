"""Puts the wordings together: from the truth and the choices so far to one text per unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pglast import ast

from consolidate import names
from consolidate.model import ObjectId, Statement, StatementId
from consolidate.wording import (
    apart,
    aswas,
    comments,
    renamed,
    tables,
    unauthored,
    usable,
    verbatim,
    whole,
)
from consolidate.wording.folding import enums, policies
from consolidate.wording.folding.captions import remark
from consolidate.wording.sequences import concise
from consolidate.wording.text import Span
from consolidate.wording.trees import parsed
from consolidate.wording.twins import later_twins
from consolidate.wording.units import APART, FOLDED, LOOSE, Choices, Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from consolidate.truth import Truth
    from consolidate.wording.entries import Piece, Pieces
    from consolidate.wording.folding import Folded
    from consolidate.wording.material import Material
    from consolidate.wording.units import InlineKey
    from consolidate.wording.verbatim import Verbatim


@dataclass(frozen=True, slots=True)
class Composed:
    """The units of one round."""

    units: tuple[Unit, ...]
    filled: frozenset[ObjectId]
    """Tables whose rows they bring with them."""


def compose(material: Material, choices: Choices) -> Composed:
    """One unit for everything that the truth holds beyond the platform, rights apart."""
    truth, everything = material.truth, material.pieces
    if whole.WHOLE in choices.as_was:
        filled = frozenset(held.table.object for held in truth.marked.tables)
        return Composed(whole.word(truth, everything), filled)
    components, covered, filled = aswas.word(truth, everything, choices)
    found = replace(
        everything, all={n: piece for n, piece in everything.all.items() if n not in covered}
    )
    found = apart.parted(truth, found, choices.apart)
    composer = _Composer(truth, found, choices)
    alone = composer.twins.keys() | composer.apart.keys()
    folded = usable.folded(material, found, choices, alone)
    merged = frozenset().union(*(one.members for _, one in folded))
    copies = usable.copies(material, found, choices, merged)
    claimed = merged.union(*(candidate.members for candidate in copies))
    units = [*components, *(composer.copied(candidate) for candidate in copies)]
    units += [composer.folded(table, one) for table, one in folded]
    left = {name: piece for name, piece in found.all.items() if name not in claimed}
    for table, own in usable.tables(truth, left, alone):
        units.append(composer.put_together(table, own))
        for belonging in (table, *own):
            del left[belonging.object]
    units += [composer.alone(piece) for piece in left.values()]
    units += [
        composer.comment(*spoken)
        for spoken in comments.on_platform(truth, found, choices.on_platform)
    ]
    ordered = sorted(units, key=lambda unit: (unit.ordinal, str(unit.object)))
    return Composed(tuple(ordered), filled)


def _without_a_check(sql: str) -> str:
    return f"SET check_function_bodies = off;\n{sql}\nRESET check_function_bodies;"


class _Composer:
    """Knows the truth while units are made."""

    def __init__(self, truth: Truth, found: Pieces, choices: Choices) -> None:
        self._truth = truth
        self._found = found
        self._choices = choices
        self._statements = truth.statements
        self._order = truth.order
        self.twins = later_twins(truth, found.all)
        self.apart = {
            name: f"{APART}{'view' if part.kind == 'rule' else 'table'}: {why}"
            for part, why in choices.apart.items()
            for name in apart.entries_of(part)
        }
        """Why entries stand apart that could stand in their tables."""

    def family(self, member: ObjectId) -> ObjectId:
        """The table that an object belongs to; itself if there is none."""
        return self._truth.depend.family(verbatim.bearer(member))

    def copied(self, candidate: Verbatim) -> Unit:
        """A unit in the authors' own words."""
        statement = candidate.statement
        words = self._own_words(statement)
        plain = verbatim.without_concurrently(statement, words)
        keys = {
            name: self._found.all[name]
            for name in candidate.members
            if self._found.all[name].type == "FK CONSTRAINT"
        }
        unit = self._unit(candidate.primary, plain, candidate.members, Rung.VERBATIM)
        notes = () if plain == words else (f"{statement.place}: CONCURRENTLY left out",)
        return replace(
            self._unchecked(self._commented(unit)),
            needs=self._named(candidate.primary) | self._borne(candidate.primary) | candidate.after,
            keys=tuple(verbatim.inline_keys(plain, statement.tree, keys))
            if statement.tree is not None
            else (),
            ordinal=self._ordinal(candidate.primary.object)
            if candidate.primary.type == "ROW SECURITY"  # beside its table, whenever it came
            else self._order[statement.id],
            notes=notes,
        )

    def _own_words(self, statement: Statement, today: str | None = None) -> str:
        """What an author wrote, comments included, with another text of the statement itself."""
        truth = self._truth
        before, after = truth.previous.get(statement.id), truth.following.get(statement.id)
        above, behind = verbatim.around(statement, before, after)
        return f"{above}{today or statement.sql}{behind}"

    def folded(self, table: Piece, words: Folded) -> Unit:
        """A table in its author's words, brought up to date."""
        before = "".join(f"{statement}\n" for statement in words.before)
        sql = "\n".join([f"{before}{words.create}", *words.after])
        keys = {
            name: self._found.all[name]
            for name in words.members
            if self._found.all[name].type == "FK CONSTRAINT"
        }
        create = words.create
        unit = self._unit(table, sql, words.members, Rung.FOLDED)
        inline = verbatim.inline_keys(create, parsed(create), keys)
        return replace(self._commented(unit), keys=_behind(before, inline))

    def put_together(self, table: Piece, own: Sequence[Piece]) -> Unit:
        """A table in the server's structure."""
        words = tables.word(self._truth, table, own, self._choices)
        unit = self._unit(table, words.sql, words.members, Rung.SERVER)
        because = unauthored.why(self._truth, table, self._choices)
        whole = replace(self._commented(unit), keys=words.keys, because=because)
        return self._remarked(whole, table)

    def alone(self, piece: Piece) -> Unit:
        """Any other entry, as the server words it."""
        sql, rung = concise(piece.sql), Rung.SERVER
        if (today := self._up_to_date(piece)) is not None:
            sql, rung = today, Rung.FOLDED
        if piece.type == "MATERIALIZED VIEW" and self._is_populated(piece.object):
            sql = sql.replace("\n  WITH NO DATA;", ";")
        if piece.type in {"FUNCTION", "PROCEDURE"} and self._choices.level(piece.object) >= LOOSE:
            sql = _without_a_check(sql)
        unit = self._unit(piece, sql, {piece.object}, rung)
        twins = self.twins.get(piece.object, frozenset())
        is_free = piece.type == "SEQUENCE" and piece.object in self.apart
        told = piece.needs - {unit.family} if is_free else piece.needs
        needs = told | self._named(piece) | self._attached(piece) | twins
        because = unauthored.why(self._truth, piece, self._choices) if rung is Rung.SERVER else ""
        apart = self.apart.get(piece.object, "")
        whole = replace(
            self._commented(unit),
            needs=needs,
            because=apart or because,
            repair=apart if piece.type != "SEQUENCE" else "",
            undo=self._to_a_stub(piece),
            family=piece.object if is_free else unit.family,
        )
        whole = self._unchecked(whole)
        return self._remarked(whole, piece) if rung is Rung.SERVER else whole

    def _unchecked(self, unit: Unit) -> Unit:
        """A routine that is made before what its body names, if that is the way out."""
        why = self._choices.unchecked.get(unit.object)
        if why is None:
            return unit
        return replace(
            unit, sql=_without_a_check(unit.sql), repair=f"with its body not checked: {why}"
        )

    def _to_a_stub(self, piece: Piece) -> tuple[str, ...] | None:
        """How a view's query that stands apart is taken back: by the columns alone again."""
        if piece.type != "RULE" or not isinstance(parsed(piece.sql), ast.ViewStmt):
            return None
        view = ObjectId("view", names.parted(piece.object.identity, " on ")[1])
        stub = self._found.all.get(view)
        if stub is None:
            return None
        return (apart.replacing(stub.sql),)

    def _remarked(self, unit: Unit, piece: Piece) -> Unit:
        """In the server's words, below what the author has said right above the statement."""
        definer = verbatim.defined_by(self._truth, piece)
        if definer is None or not verbatim.can_write(self._statements[definer], piece):
            return unit
        statement = self._statements[definer]
        before = self._truth.previous.get(definer)
        said = remark(verbatim.own_words(statement, before), statement)
        if not said:
            return unit
        head = f"{said}\n"
        return replace(unit, sql=head + unit.sql, keys=_behind(head, unit.keys))

    def _up_to_date(self, piece: Piece) -> str | None:
        """The author's statement as it would be written today, while that is not known to fail."""
        definer = verbatim.defined_by(self._truth, piece)
        if (
            definer is None
            or piece.type not in renamed.TYPES
            or verbatim.query_of(piece.object) in self._found.all
            or self._choices.level(piece.object) > FOLDED
            or not verbatim.plain_session(self._truth, definer)
        ):
            return None
        statement = self._statements[definer]
        if isinstance(statement.tree, ast.CreateEnumStmt):
            today = enums.fold(self._truth, piece, statement)
        elif isinstance(statement.tree, ast.CreatePolicyStmt):
            today = policies.fold(self._truth, piece, statement)
        else:
            today = renamed.word(self._truth, piece.type, piece.object, statement)
        if today is None:
            return None
        words = self._own_words(statement, today)
        return verbatim.without_concurrently(statement, words)

    def _borne(self, piece: Piece) -> frozenset[ObjectId]:
        """What an entry needs that has no catalog row of its own, and so no `pg_depend`."""
        return frozenset() if verbatim.bearer(piece.object) == piece.object else piece.needs

    def _named(self, piece: Piece) -> frozenset[ObjectId]:
        """What the body of a routine names: the server knows it only when it runs.

        A routine whose body is not checked when it is made does without.
        """
        loose = self._choices.level(piece.object) >= LOOSE
        unchecked = loose or piece.object in self._choices.unchecked
        if unchecked or piece.type not in {"FUNCTION", "PROCEDURE"}:
            return frozenset()
        return self._truth.graph.needs(piece.object)

    def _attached(self, piece: Piece) -> frozenset[ObjectId]:
        """The partitions that must be attached before an index or a check of their parent.

        A parent's index would make an index on each partition by itself, under another name.
        """
        if piece.type not in {"INDEX", "INDEX ATTACH", "CHECK CONSTRAINT"}:
            return frozenset()
        table = self.family(piece.object)
        return frozenset(
            other.object
            for other in self._found.all.values()
            if other.type == "TABLE ATTACH"
            and table in other.needs
            and (piece.type == "INDEX ATTACH" or other.object.identity != table.identity)
        )

    def comment(self, described: ObjectId, head: str, text: str | None) -> Unit:
        """A comment on something that the platform brought."""
        name = ObjectId("comment", head.removeprefix("COMMENT ON "))
        brought = self._truth.platform.facts.of(described)
        back = comments.spoken(described, head, brought.get("comment"))
        return Unit(
            object=name,
            type="COMMENT",
            sql=comments.spoken(described, head, text),
            rung=Rung.SERVER,
            ordinal=self._ordinal(described),
            sources=self._sources([described]),
            members=frozenset({name}),
            family=self.family(described),
            needs=frozenset({ObjectId("platform", str(comments.whole(described)))}),
            undo=(back,) if brought else (),  # a new column goes, another name is taken back
        )

    def _is_populated(self, view: ObjectId) -> bool:
        held = self._truth.final.rows.tables
        return all(h.table.populated for h in held if h.table.object == view)

    def _unit(self, piece: Piece, sql: str, members: Iterable[ObjectId], rung: Rung) -> Unit:
        return Unit(
            object=piece.object,
            type=piece.type,
            sql=sql,
            rung=rung,
            ordinal=self._ordinal(piece.object),
            sources=self._sources(members),
            members=frozenset(members),
            family=self.family(piece.object),
        )

    def _commented(self, unit: Unit) -> Unit:
        texts = [text for name in sorted(unit.members) for text in self._comments(name)]
        return replace(unit, sql="\n".join([unit.sql, *texts])) if texts else unit

    def _comments(self, name: ObjectId) -> tuple[str, ...]:
        piece = self._found.all.get(name)
        return piece.comments if piece else ()

    def _ordinal(self, name: ObjectId) -> int:
        target = verbatim.bearer(name)
        trace = self._truth.trace
        creator = trace.created.get(target) or trace.written.get(target)
        if creator is None and name in self.apart:
            creator = trace.created.get(self.family(target))
        return self._order[creator] if creator else len(self._order)

    def _sources(self, members: Iterable[ObjectId]) -> tuple[StatementId, ...]:
        trace = self._truth.trace
        found = set()
        for member in members:
            target = verbatim.bearer(member)
            found |= {touch.statement for touch in trace.touches.get(target, ())}
            found |= {s for s in (trace.created.get(target), trace.written.get(target)) if s}
        return tuple(sorted(found, key=self._order.__getitem__))


def _behind(head: str, keys: Iterable[InlineKey]) -> tuple[InlineKey, ...]:
    """The keys in a text that something was put before."""
    by = len(head)
    return tuple(replace(k, span=Span(k.span.start + by, k.span.end + by)) for k in keys)
