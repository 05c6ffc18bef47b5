"""Text search objects and collations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import resolve, targets
from consolidate.effects.effect import Reason
from consolidate.effects.references import strings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree

_CONFIGURATION = "text search configuration"
_DICTIONARY = "text search dictionary"
_OTHERS = {
    "template": "text search template",
    "parser": "text search parser",
    "copy": _CONFIGURATION,
}
"""What the options of a text search object name besides functions."""


def create(draft: Draft, node: Tree) -> None:
    """CREATE TEXT SEARCH … and CREATE COLLATION."""
    world = draft.world
    kind = targets.SCHEMA_KINDS[node.kind.name]
    where, name = resolve.place(world, strings(node.defnames))
    if node.if_not_exists and draft.spares(kind, where, name):
        return
    made = draft.create(kind, name, where)
    if kind == "collation":
        return
    for option in node.definition or ():
        names = strings(getattr(option.arg, "names", None))
        if option.defname in _OTHERS:
            _need(draft, made, _OTHERS[option.defname], names)
        elif names:
            for function in draft.routines(names):
                draft.need(made, function, Reason.BODY)


def _need(draft: Draft, by: Thing, kind: str, name: Sequence[str]) -> None:
    """Those of PostgreSQL are nobody's to build, so only one of the history is a need."""
    found = resolve.find(draft.world, kind, name) if name else None
    if found is not None:
        draft.need(by, found, Reason.MEMBER)


def alter_dictionary(draft: Draft, node: Tree) -> None:
    """ALTER TEXT SEARCH DICTIONARY (…)."""
    found = targets.target(draft.world, "OBJECT_TSDICTIONARY", node.dictname)
    if found is not None:
        draft.alter(found, "options")


def alter_configuration(draft: Draft, node: Tree) -> None:
    """ALTER TEXT SEARCH CONFIGURATION: its mappings of tokens to dictionaries."""
    found = targets.target(draft.world, "OBJECT_TSCONFIGURATION", node.cfgname)
    if found is None:
        return
    draft.alter(found, "mappings")
    if node.kind.name.startswith("ALTER_TSCONFIG_DROP"):
        return
    for dictionary in node.dicts or ():
        _need(draft, found, _DICTIONARY, strings(dictionary))


def alter_collation(draft: Draft, node: Tree) -> None:
    """ALTER COLLATION … REFRESH VERSION."""
    found = targets.target(draft.world, "OBJECT_COLLATION", node.collname)
    if found is not None:
        draft.alter(found, "version")


HANDLERS = {
    "AlterTSDictionaryStmt": alter_dictionary,
    "AlterTSConfigurationStmt": alter_configuration,
    "AlterCollationStmt": alter_collation,
}
DEFINES = dict.fromkeys(
    (
        "OBJECT_COLLATION",
        "OBJECT_TSCONFIGURATION",
        "OBJECT_TSDICTIONARY",
        "OBJECT_TSPARSER",
        "OBJECT_TSTEMPLATE",
    ),
    create,
)
