"""Rules about what is used and made by nobody, and about what is made and used by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast

from consolidate import findings
from consolidate.audit.extensions import brings
from consolidate.audit.found import about, at
from consolidate.audit.makers import Makers
from consolidate.audit.subject import bare_word, is_temporary
from consolidate.effects import Reason
from consolidate.history import CONVENTIONS
from consolidate.lives import Touched
from consolidate.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from consolidate.audit.bearers import Bearers
    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material, Spot
    from consolidate.lives import Life, Touch
    from consolidate.model import ObjectId

_TOLD = frozenset(
    {
        *("table", "foreign table", "view", "materialized view", "sequence", "type", "schema"),
        *("function", "procedure", "aggregate", "role", "extension", "publication", "server"),
        *("collation", "event trigger", "foreign-data wrapper", "operator", "index"),
    }
)
"""Kinds that statements make by themselves, under a name that somebody chose."""
_SYSTEM = ("pg_catalog.", "information_schema.", "pg_toast.", "pg_temp")
BROUGHT = frozenset(
    {
        *("schema public", "schema pg_catalog", "schema information_schema", "extension plpgsql"),
        *("role postgres", "role public", "role current_user", "role session_user"),
    }
)
"""What every database holds, and roles that are none."""


_BOOKKEEPING = frozenset(
    convention.bookkeeping.table
    for convention in CONVENTIONS.values()
    if convention.bookkeeping is not None
)
"""The tables in which runners record what they have applied; each makes its own."""


def never_created(material: Material) -> Iterator[Found]:
    """What a statement needs and no statement makes, at its first use."""
    lives = material.chronicle.lives
    strange = dict.fromkeys(life.first for life in lives if life.external and is_told(life.first))
    if not strange:
        return
    bearers, makers = material.bearings, Makers(material)
    needed = _first_needs(material, strange.keys(), bearers)
    tables = {life.first.identity for life in lives if _is_table(life)} if needed else set()
    for name in strange:
        if (
            name in needed
            and not (name.kind == "type" and name.identity in tables)  # that of its rows
            and not brings(name, material.extensions_before(needed[name]))
            and not material.is_obscure(name, needed[name])
        ):
            yield missing(name, needed[name], bearers, makers)


def missing(name: ObjectId, spot: Spot, bearers: Bearers, makers: Makers) -> Found:
    """What to say of an object that a statement uses and that is not there."""
    borne, later = bearers.nearest(name, spot.statement.id)
    aside = "" if borne else makers.aside(name)
    if borne is None:
        why = f"{aside}, which creates it, is set aside" if aside else "nothing creates it"
        message = f"{name} is used here for the first time, and {why}"
    elif later:
        does = "creates it" if borne.since is borne.created else "gives something that name"
        message = f"{borne.name} is used here before {_where(borne.since)} {does}"
    else:
        made = f"{borne.name} is used here, and what {_where(borne.created)} created is"
        message = f"{made} gone by then"
        if borne.until is not None and borne.until.what is Touched.RENAMED:
            message = f"{made} called {borne.until.aspect} since {_where(borne.until)}"
    unseen = "" if aside else makers.unseen(name, spot)
    if unseen:
        return at(
            spot,
            findings.NEVER_CREATED,
            f"{message}, unless it is {unseen}",
            severity=Severity.INFO,
        )
    return at(spot, findings.NEVER_CREATED, message)


def _where(touch: Touch) -> str:
    return f"{touch.place.path}:{touch.place.line}"


def _is_table(life: Life) -> bool:
    return life.first.kind in {"table", "foreign table", "view", "materialized view"}


def unused(material: Material) -> Iterator[Found]:
    """Types, domains, sequences and trigger functions that nothing has ever needed or named."""
    used = _used(material)
    for life in material.chronicle.current.values():
        if life.first.kind not in _FOR_OTHERS:
            continue
        made = material.made_by(life)
        if made is None or not material.is_history(made) or is_temporary(life) or life in used:
            continue
        statement = material.statements[made]
        if not _is_for_others(life, statement.tree) or _is_spoken_of(material, life):
            continue
        yield about(statement, findings.NEVER_USED, f"nothing in the history uses {life.name}")


_FOR_OTHERS = frozenset({"type", "sequence", "function"})


def _is_for_others(life: Life, tree: Any) -> bool:  # noqa: ANN401 - pglast's trees are not typed
    """Whether an object is of no use by itself."""
    match type(tree):
        case ast.CreateEnumStmt | ast.CreateDomainStmt | ast.CompositeTypeStmt:
            return life.first.kind == "type"
        case ast.CreateSeqStmt:
            return life.first.kind == "sequence"
        case ast.CreateFunctionStmt:
            returned = tree.returnType
            return returned is not None and returned.names[-1].sval in {"trigger", "event_trigger"}
        case _:
            return False


def _used(material: Material) -> set[Life]:
    """Every object that another one, or a statement, has ever needed or named."""
    chronicle = material.chronicle
    whole: dict[Life, Life] = {}
    found: set[Life] = set()
    for life in chronicle.lives:
        for on, why in life.needs:
            if why is Reason.PART_OF:
                whole[life] = on
            else:
                found.add(on)
        if life.mentions:
            found.update(_meant(material, life.mentions, life))
    for statement, needs in chronicle.statement_needs.items():
        if material.statements[statement].kind not in _ABOUT_ITSELF:
            found.update(on for on, _ in needs)
    for mentions in chronicle.statement_mentions.values():
        found.update(_meant(material, mentions, None))
    pending = list(found)
    while pending:
        parent = whole.get(pending.pop())
        if parent is not None and parent not in found:
            found.add(parent)
            pending.append(parent)
    return found


def _meant(material: Material, mentions: Iterable[ObjectId], by: Life | None) -> Iterator[Life]:
    """What names in a text mean in the end, less the object that has the text."""
    found = (material.chronicle.current.get(name) for name in mentions)
    return (life for life in found if life is not None and life is not by)


_ABOUT_ITSELF = frozenset(
    {
        *("CommentStmt", "GrantStmt", "AlterOwnerStmt", "AlterEnumStmt", "AlterDomainStmt"),
        *("RenameStmt", "AlterObjectSchemaStmt", "AlterSeqStmt", "AlterFunctionStmt"),
    }
)
"""Statements that need the object which they are about, and use it for nothing."""


def _first_needs(
    material: Material, wanted: AbstractSet[ObjectId], bearers: Bearers
) -> Mapping[ObjectId, Spot]:
    """The first statement that needs, changes or fills each object while nothing has its name."""
    found: dict[ObjectId, Spot] = {}
    for spot in material.spots:
        effect = spot.effect
        for name in (
            *(need.on for need in effect.needs),
            *(name for name, _ in effect.alters),
            *(old for old, _ in effect.renames),
            *effect.drops,
            *effect.replaces,
            *effect.writes_rows,
        ):
            if name not in wanted or name in found or name in effect.creates:
                continue
            if not bearers.is_there(name, spot.statement.id):
                found[name] = spot
    return found


def is_told(name: ObjectId) -> bool:
    """Whether it is missing where nothing makes it: no part, PostgreSQL's or a runner's."""
    return (
        name.kind in _TOLD
        and str(name) not in BROUGHT
        and not name.identity.startswith(_SYSTEM)
        and not (name.kind == "role" and name.identity.startswith("pg_"))
        and name.identity.rpartition(".")[2] not in _BOOKKEEPING
    )


def _is_spoken_of(material: Material, life: Life) -> bool:
    """Whether a statement that is not about it has its name, if only in a text."""
    own = {touch.statement_id for touch in life.touches}
    return any(
        spot.statement.id not in own and spot.statement.kind not in _ABOUT_ITSELF
        for spot in material.speaking_of(bare_word(life.name))
    )


RULES = (never_created, unused)
