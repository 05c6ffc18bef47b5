"""DROP, COMMENT ON, SECURITY LABEL, OWNER TO and DEPENDS ON EXTENSION."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast

from consolidate.effects import resolve, targets
from consolidate.effects.alterations import role
from consolidate.effects.effect import Reason
from consolidate.functions import BY_EXTENSION, TYPES_BY_EXTENSION

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree


def drop(draft: Draft, node: Tree) -> None:
    """DROP [IF EXISTS] … [CASCADE]: the objects and all that goes with them."""
    draft.outside_transaction = bool(node.concurrent)
    kind = node.removeType.name
    roots: list[Thing] = []
    for item in node.objects:
        found = targets.known(draft.world, kind, item)
        if found is None and not node.missing_ok:
            found = targets.target(draft.world, kind, item)
        if found is None:
            if not targets.is_covered(kind):
                word = kind.removeprefix("OBJECT_").lower().replace("_", " ")
                draft.opaque = f"DROP {word.upper()} is not understood"
            continue
        roots.append(found)
    cascade = node.behavior.name == "DROP_CASCADE"
    if cascade and kind == "OBJECT_EXTENSION":
        roots += [member for root in roots for member in _used_members(draft, root.name)]
    draft.drop(roots, cascade=cascade)


_FOR_BUILT_IN = frozenset({"intarray", "pg_trgm"})
"""Extensions with types of their own that bring operators for PostgreSQL's types as well."""


def _used_members(draft: Draft, extension: str) -> tuple[Thing, ...]:
    """The types of an extension that the history uses; what needs them goes with them.

    It is opaque where something may need an operator, or a function, of which no need is known.
    """
    types = TYPES_BY_EXTENSION.get(extension, frozenset())
    functions = BY_EXTENSION.get(extension, frozenset())
    if not types or extension in _FOR_BUILT_IN or functions & draft.world.unmade:
        draft.opaque = (
            f"DROP EXTENSION {extension} CASCADE: what uses its functions and operators goes with"
            " it, which only a server knows"
        )
    return draft.world.brought_types(types)


def drop_owned(draft: Draft, node: Tree) -> None:
    """DROP OWNED and REASSIGN OWNED: which objects a role owns, only a server knows."""
    word = "DROP" if type(node).__name__ == "DropOwnedStmt" else "REASSIGN"
    heirs = (node.newrole,) if word == "REASSIGN" else ()
    for spec in (*node.roles, *heirs):
        draft.need(None, role(draft, spec), Reason.ROLE)
    draft.opaque = f"{word} OWNED: which objects a role owns only a server knows"


def comment(draft: Draft, node: Tree) -> None:
    """COMMENT ON."""
    _alter(draft, node.objtype.name, node.object, "comment", "COMMENT ON")


def owner(draft: Draft, node: Tree) -> None:
    """ALTER … OWNER TO."""
    _alter(draft, node.objectType.name, node.object or node.relation, "owner", "OWNER of")
    draft.need(None, role(draft, node.newowner), Reason.ROLE)


def _alter(draft: Draft, kind: str, item: Tree, aspect: str, what: str) -> None:
    found = targets.target(draft.world, kind, item)
    if found is None:
        word = kind.removeprefix("OBJECT_").lower().replace("_", " ")
        draft.opaque = f"{what} {word.upper()} is not understood"
        return
    draft.alter(found, aspect)


def label(draft: Draft, node: Tree) -> None:
    """SECURITY LABEL ON."""
    _alter(draft, node.objtype.name, node.object, "security label", "SECURITY LABEL ON")


def depends(draft: Draft, node: Tree) -> None:
    """ALTER … [NO] DEPENDS ON EXTENSION: the object goes when the extension goes."""
    found = targets.target(draft.world, node.objectType.name, _written(node))
    extension = resolve.assume(draft.world, "extension", node.extname.sval)
    draft.need(None, extension, Reason.TARGET)
    if found is None:
        return
    draft.alter(found, "extension")
    if node.remove:
        found.auto.discard(extension)
    else:
        draft.need(found, extension, Reason.MEMBER, tracked=False)
        found.auto.add(extension)


def _written(node: Tree) -> Tree:
    """A trigger's name stands apart from its table's."""
    if node.relation is None or node.object is None:
        return node.object or node.relation
    return (*(ast.String(part) for part in resolve.dotted(node.relation)), *node.object)


HANDLERS = {
    "DropStmt": drop,
    "DropOwnedStmt": drop_owned,
    "ReassignOwnedStmt": drop_owned,
    "CommentStmt": comment,
    "AlterOwnerStmt": owner,
    "SecLabelStmt": label,
    "AlterObjectDependsStmt": depends,
}
