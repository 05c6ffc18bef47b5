"""The rights that a history granted and its final database does not give any more."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import granting
from consolidate.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.graph import Incarnation
    from consolidate.model import ObjectId, StatementId
    from consolidate.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """Rights on one object that is still there."""

    object: ObjectId
    role: str
    """Who has them no longer."""
    rights: tuple[str, ...]
    by: str
    """`file:line` of the REVOKE."""
    made: str
    """`file:line` of the GRANT."""


def revoked(truth: Truth) -> tuple[Revoked, ...]:
    """What a REVOKE took that an earlier GRANT had given, and no later one gave back."""
    places = Provenance.of(truth)
    found: dict[tuple[StatementId, ObjectId, str, StatementId], list[str]] = defaultdict(list)
    for node in truth.graph.incarnations:
        if node.final is not None:
            for (role, right), (by, made) in _lost(truth, node):
                found[by, node.final, role, made].append(right)
    return tuple(
        Revoked(
            object=name,
            role=role,
            rights=tuple(found[by, name, role, made]),
            by=places.places([by])[0],
            made=places.places([made])[0],
        )
        for by, name, role, made in sorted(
            found, key=lambda one: (truth.order[one[0]], *one[1:3], truth.order[one[3]])
        )
    )


def _lost(
    truth: Truth, node: Incarnation
) -> Iterator[tuple[tuple[str, str], tuple[StatementId, StatementId]]]:
    """The rights on one object by role, each with the statement that took it and its giver."""
    held: dict[tuple[str, str], StatementId] = {}
    lost: dict[tuple[str, str], tuple[StatementId, StatementId]] = {}
    for touch in truth.graph.touches(node):
        said = granting.read(truth.statements.get(touch.statement_id))
        if said is None or said.groups or (said.option and not said.gives):
            continue
        for role in said.roles:
            for right in said.rights(node.first):
                if said.gives:
                    held[role, right] = touch.statement_id
                    lost.pop((role, right), None)
                    continue
                for one in [
                    key for key in held if key[0] == role and right in {key[1], granting.ALL}
                ]:
                    lost[one] = touch.statement_id, held.pop(one)
                if (role, granting.ALL) in held:  # all but this one are left
                    lost[role, right] = touch.statement_id, held[role, granting.ALL]
    yield from lost.items()
