"""Says in words what one statement did to an object, and to what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.lives import Touched
from consolidate.model import ObjectId
from consolidate.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from consolidate.granting import Granting
    from consolidate.lives import Touch

_MOST = 12
"""Names of one kind that are listed for one statement."""

_ON = frozenset({"table constraint", "domain constraint", "trigger", "policy", "rule"})

_ROWS = {
    "InsertStmt": "rows inserted",
    "UpdateStmt": "rows updated",
    "DeleteStmt": "rows deleted",
    "MergeStmt": "rows merged",
    "CopyStmt": "rows copied in",
    "TruncateStmt": "emptied",
    "RefreshMatViewStmt": "refreshed",
    "AlterTableStmt": "rows rewritten",
}
_PLAIN = {
    "comment": "comment changed",
    "owner": "owner changed",
    "rights": "rights changed",
    "rls": "row level security switched",
    "members": "members changed",
    "attached": "attached as a partition",
    "detached": "detached from its parent",
    "attach partition": "partition attached",
    "detach partition": "partition detached",
    "validated": "validated",
    "value": "position set",
    "owned by": "owning column changed",
    "enabled": "enabled or disabled",
    "set": "settings changed",
    "inherit": "parent added",
    "no inherit": "parent removed",
    "cluster": "index to cluster on changed",
}
"""Aspects of alterations, in words."""
_NULLS = {"set not null": "set NOT NULL", "drop not null": "NOT NULL dropped"}
"""Aspects of a column or a domain; a table has them only because a column of it has."""
_SHADOWS = frozenset({"default value", "composite type"})
"""Kinds of parts whose alterations are told of what they stand behind."""
_VALUE = "rename value "
_VERBS = {"add": "added", "drop": "dropped", "rename": "renamed"}
"""What the first word of other aspects says was done to the rest of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that a statement did."""

    object: ObjectId
    """Under the name that it had before."""
    own: bool
    """Whether it was done to the object that the story is about, not to a part of it."""
    what: Touched
    aspect: str = ""
    """As of a touch."""

    @classmethod
    def of(cls, name: ObjectId, touch: Touch, *, own: bool) -> Deed:
        """What a touch did to the bearer of a name."""
        return cls(object=name, own=own, what=touch.what, aspect=touch.aspect)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the same statement says besides."""

    command: str = ""
    """pglast's class of it."""
    along: str = ""
    """What a DROP was aimed at, where the object went only along with that."""
    granting: Granting | None = None
    """What was done to rights or memberships, if anything was."""
    owner: str = ""
    """Whom something was given to."""


def in_words(deeds: Sequence[Deed], about: About) -> str:
    """All that one statement did, in one line.

    Args:
        deeds: In the order in which they were done.
        about: The statement.
    """
    own = [deed for deed in deeds if deed.own]
    parts = [deed for deed in deeds if not deed.own]
    what = {deed.what for deed in own}
    implied = Touched.CREATED in what or any(deed.aspect == "value" for deed in own)
    told: list[str] = []
    for deed in own:
        match deed.what:
            case Touched.CREATED:
                told.append(_created(parts))
            case Touched.REPLACED:
                told.append("replaced by a new definition")
            case Touched.RENAMED:
                told.append(_renamed(deed))
            case Touched.DROPPED:
                told.append(f"dropped along with {about.along}" if about.along else "dropped")
            case Touched.ROWS if not implied:
                told.append(_ROWS.get(about.command, "rows or position written"))
            case _:
                pass
    if not what & {Touched.CREATED, Touched.DROPPED}:
        told += _changes(parts)
    told += _alterations(own, parts, about)
    return "; ".join(dict.fromkeys(told)) or "touched"


def short(name: ObjectId) -> str:
    """The name of a part without that of what it is in or on."""
    if name.kind in _ON:
        return names.parted(name.identity, " on ")[0] or name.identity
    return names.parted(name.identity, ".")[1]


def noun(name: ObjectId) -> str:
    """The kind of a part, as it is told next to its whole."""
    return "default of" if name.kind == "default value" else name.kind.rpartition(" ")[2]


def _created(parts: Sequence[Deed]) -> str:
    made = _by_noun([d.object for d in parts if d.what is Touched.CREATED])
    return f"created with {made}" if made else "created"


def _by_noun(objects: Sequence[ObjectId]) -> str:
    """The names of parts, by their kinds; without those that others imply."""
    shown: dict[str, list[str]] = {}
    for one in _telling(objects):
        shown.setdefault(noun(one), []).append(short(one))
    return "; ".join(
        f"{kind if len(of) == 1 else _plural(kind)} {listed(of, _MOST)}"
        for kind, of in shown.items()
    )


def _plural(kind: str) -> str:
    if kind == "default of":
        return "defaults of"
    return {"policy": "policies", "index": "indexes"}.get(kind, f"{kind}s")


def _telling(objects: Iterable[ObjectId]) -> Iterator[ObjectId]:
    """Without the indexes behind constraints, and without what comes with a column."""
    found = list(objects)
    constraints = {short(one) for one in found if one.kind == "table constraint"}
    with_columns = any(one.kind.endswith(" column") for one in found)
    for one in found:
        implied = one.kind == "index" and short(one) in constraints
        implied |= one.kind == "composite type"
        if with_columns:
            implied |= one.kind in {"default value", "sequence"}
        if not implied:
            yield one


def _renamed(deed: Deed) -> str:
    before, after = deed.object.identity, deed.aspect
    return f"renamed from {before} to {after}"


def _changes(parts: Sequence[Deed]) -> Iterator[str]:
    """What was done to parts, where the whole stayed."""
    made = [deed.object for deed in parts if deed.what is Touched.CREATED]
    gone = [deed.object for deed in parts if deed.what is Touched.DROPPED]
    again = set(made) & set(gone)
    for verb, objects in (("added", made), ("dropped", gone)):
        if told := _by_noun([one for one in objects if one not in again]):
            yield f"{told} {verb}"
    if told := _by_noun([one for one in made if one in again]):
        yield f"{told} made again"
    for deed in parts:
        if deed.what is Touched.RENAMED:
            new = short(ObjectId(deed.object.kind, deed.aspect))
            if new != short(deed.object) and deed.object.kind != "default value":
                yield f"{noun(deed.object)} {short(deed.object)} renamed to {new}"
        elif deed.what is Touched.REPLACED:
            yield f"{noun(deed.object)} {short(deed.object)} replaced"


def _alterations(own: Sequence[Deed], parts: Sequence[Deed], about: About) -> Iterator[str]:
    """Changed aspects: those of parts, and those of the whole that no part tells."""
    remade = {
        short(deed.object)
        for deed in parts
        if deed.object.kind == "default value" and deed.what is not Touched.RENAMED
    }
    for deed in parts:
        if deed.what is not Touched.ALTERED or deed.object.kind in _SHADOWS:
            continue
        if deed.aspect == "default" and short(deed.object) in remade:
            continue
        yield f"{noun(deed.object)} {short(deed.object)}: {_aspect(deed, about)}"
    for deed in own:
        if deed.what is Touched.ALTERED and (not parts or deed.aspect in _PLAIN):
            yield _aspect(deed, about)


def _aspect(deed: Deed, about: About) -> str:
    """What was altered, in words."""
    aspect = deed.aspect
    verb, _, what = aspect.partition(" ")
    if aspect == "owner" and about.owner:
        told = f"owner changed to {about.owner}"
    elif aspect == "rights" and about.granting:
        told = about.granting.on(deed.object)
    elif aspect == "membership" and about.granting:
        told = about.granting.membership
    elif aspect.startswith(_VALUE):
        told = f"value renamed {aspect.removeprefix(_VALUE)}"
    elif what and verb in _VERBS and aspect not in _NULLS:
        told = f"{what} {_VERBS[verb]}"
    else:
        told = (_NULLS | _PLAIN).get(aspect, f"{aspect} changed")
    return told
