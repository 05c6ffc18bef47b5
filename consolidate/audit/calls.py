"""Rules about functions that are called by a bare name, and that nothing makes."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from consolidate import findings, names
from consolidate.audit.bearers import bearings
from consolidate.audit.extensions import CLASSES, bringing, may_bring
from consolidate.audit.found import at
from consolidate.audit.makers import Makers
from consolidate.audit.origins import missing
from consolidate.audit.subject import routine_name
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material, Spot
    from consolidate.lives import Life


def not_made(material: Material) -> Iterator[Found]:
    """What a statement calls and nothing has made by then, at its first use.

    Of an extension that nothing has created by then one function is told.
    """
    needed = _first(material, "unmade")
    if not needed:
        return
    lives, makers, bearers = _routines(material, needed), Makers(material), material.bearings
    told: set[str] = set()
    for name, spot in needed.items():
        own = lives.get(name, ())
        if any(life.external or _is_called(material, life, name, spot) for life in own):
            continue  # it is told as such, or there in another schema
        extensions = frozenset() if own else bringing(name)
        if may_bring(name, material.extensions_before(spot)):
            continue
        if extensions:
            if not extensions & told:
                yield _without_extension(spot, name, min(extensions))
            told |= extensions
            continue
        borne = [one.name for life in own for one in bearings(life)]
        borne = [one for one in borne if routine_name(one) == name]
        known = borne[-1] if borne else makers.aside_routine(name)
        wanted = known or ObjectId("function", names.quote(name))
        if not material.is_obscure(wanted, spot):
            yield missing(wanted, spot, bearers, makers)


def _is_called(material: Material, life: Life, name: str, spot: Spot) -> bool:
    """Whether a routine is there before a statement, and has that bare name."""
    identity = material.name_at(life, spot.statement.id)
    return bool(identity) and routine_name(ObjectId(life.first.kind, identity)) == name


def named_in_bodies(material: Material) -> Iterator[Found]:
    """What a body calls and nothing ever makes."""
    needed = _first(material, "unmade")
    named = _first(material, "unmade_later")
    lives = _routines(material, named)
    extensions = material.extensions_before(None)
    for name, spot in named.items():
        if name in needed or name in lives or may_bring(name, extensions):
            continue
        wanted = ObjectId("function", names.quote(name))
        if not material.is_obscure(wanted):
            message = f"{wanted} is named here for the first time, and nothing creates it"
            if brought := bringing(name):
                message = (
                    f"{name} of extension {min(brought)} is named here, and nothing creates that"
                )
            yield at(spot, findings.NAMED_ONLY, message)


def classes(material: Material) -> Iterator[Found]:
    """The operator classes of extensions that nothing has created by then, once for each."""
    first: dict[str, tuple[Spot, str]] = {}
    for name, extension in CLASSES.items():
        used = re.compile(rf"(?<![\w.']){name}\b", re.IGNORECASE)
        for spot in material.speaking_of(name):
            if spot.statement.kind not in _INDEXES or not used.search(spot.statement.sql):
                continue
            if extension not in material.extensions_before(spot):
                order = material.order[spot.statement.id]
                known = first.get(extension)
                if known is None or order < material.order[known[0].statement.id]:
                    first[extension] = (spot, name)
            break
    for extension, (spot, name) in first.items():
        yield _without_extension(spot, name, extension)


def _without_extension(spot: Spot, name: str, extension: str) -> Found:
    message = f"{name} of extension {extension} is used here, and nothing creates that before"
    return at(spot, findings.NEVER_CREATED, message)


_INDEXES = frozenset({"IndexStmt", "CreateStmt", "AlterTableStmt"})
"""Statements that may name an operator class."""


def _first(material: Material, which: str) -> Mapping[str, Spot]:
    """The functions that nobody has made, each with the first statement that says so."""
    found: dict[str, Spot] = {}
    for spot in material.spots:
        for name in getattr(spot.effect, which):
            found.setdefault(name, spot)
    return found


def _routines(material: Material, wanted: Mapping[str, Spot]) -> Mapping[str, Sequence[Life]]:
    """The routines of such bare names, whenever and wherever they are there."""
    found: dict[str, list[Life]] = defaultdict(list)
    for life in material.chronicle.lives if wanted else ():
        for bare in {routine_name(life.first), routine_name(life.name)}:
            if bare in wanted:
                found[bare].append(life)
    return found


RULES = (not_made, named_in_bodies, classes)
