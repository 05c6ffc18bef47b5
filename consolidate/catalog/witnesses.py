"""Three independent looks at the catalogs of one database, and what two databases differ in."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consolidate.catalog import blind_spots, compare, dump, facts, projection
from consolidate.model import Check, CheckStatus, Difference, DifferenceKind, ObjectId
from consolidate.phrases import counted
from consolidate.waivers import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from consolidate.catalog.projection import Projection
    from consolidate.model import Snapshot
    from consolidate.servers.interface import Cluster
    from consolidate.waivers import Waived

NAMES: Final = ("facts", "projection", "dump")
"""The checks, in the order in which they are read."""

_PARTS: Final = {"default value", "operator of access method", "function of access method"}
"""Kinds of rows of the catalogs that the facts tell as attributes of another kind."""

_WORD: Final = re.compile(r'"(?:[^"]|"")*"|[^\s.(),;"]+')
"""A name, or a part of one, in what `pg_dump` calls an entry."""

_A_GAP: Final = "that is a gap of this program, please report it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the witnesses see of one database at one time."""

    facts: Snapshot
    projection: Projection
    dump: str | None
    """None if there is none; `dump_missing` says why."""
    dump_missing: str = ""


def look(connection: psycopg.Connection, cluster: Cluster) -> Sight:
    """Lets all of them look at a database that does not change meanwhile.

    Args:
        connection: To it, outside a transaction.
        cluster: Where it is the one that histories are applied to.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        dumped = pool.submit(dump.schema_dump, cluster, cluster.database)
        return Sight(
            facts=facts.read(connection),
            projection=projection.read(connection),
            dump=dumped.result(),
        )


def compared(left: Sight, right: Sight, waived: Waived = NOTHING) -> tuple[Check, ...]:
    """A check for each witness, with what it sees.

    Where a witness sees nothing of what another one sees, and that is none of its known blind
    spots, its reason says so. What the facts have no query for is a failure, whatever differs.
    """
    found = {
        "facts": waived.kept("facts", compare.compare(left.facts, right.facts)),
        "projection": waived.kept(
            "projection", projection.compare(left.projection, right.projection)
        ),
    }
    found["facts"] += _unmodelled(left) or _unmodelled(right)
    passed = {
        "facts": f"{len(right.facts.facts):,} facts compared",
        "projection": f"{len(right.projection):,} rows of the catalogs compared",
    }
    skipped = left.dump_missing or right.dump_missing
    if left.dump is not None and right.dump is not None and "dump" not in waived:
        found["dump"] = dump.compare(left.dump, right.dump, waived)
        lines = right.dump.count("\n")
        passed["dump"] = f"{lines:,} lines of pg_dump compared"
    checks = [_check(name, found, passed[name]) for name in found]
    if "dump" not in found:
        reason = skipped or "waived"
        checks.append(Check(name="dump", status=CheckStatus.SKIPPED, reason=reason))
    return tuple(checks)


def _check(name: str, found: dict[str, tuple[Difference, ...]], passed: str) -> Check:
    seen = found[name]
    if seen:
        reason = counted(len(seen), "difference")
        return Check(name=name, status=CheckStatus.FAILED, reason=reason, differences=seen)
    others = found["projection" if name == "facts" else "facts"]
    missed = blind_spots.unlisted(name, others)
    if missed:
        passed += f"; nothing seen of {missed[0].object} · {missed[0].attribute}: {_A_GAP}"
    return Check(name=name, status=CheckStatus.PASSED, reason=passed)


def _unmodelled(sight: Sight) -> tuple[Difference, ...]:
    """Kinds of objects that somebody made, and of which the facts hold none."""
    known = {named.kind for named in sight.facts.objects}
    kinds = sight.projection.kinds - _PARTS - known
    return tuple(
        Difference(
            kind=DifferenceKind.CHANGED,
            object=ObjectId(kind, "(any)"),
            attribute="known to this program",
            left="yes",
            right=f"no: {_A_GAP}",
        )
        for kind in sorted(kinds)
    )


def told(checks: Sequence[Check]) -> tuple[Difference, ...]:
    """What the checks saw, without repeating it.

    What the projection and the dump see of an object that the facts name, or of a part of one, is
    in their checks alone: a column that is gone is gone from half a dozen catalogs.
    """
    seen = {check.name: check.differences for check in checks}
    named = {_whole(one.object) for one in seen["facts"]}
    short = {name.partition("(")[0].rpartition(".")[2] for name in named}
    alone = [one for one in seen["projection"] if _whole(one.object) not in named]
    dumped = [one for one in seen["dump"] if short.isdisjoint(_WORD.findall(one.object.identity))]
    return (*seen["facts"], *alone, *dumped)


def _whole(part: ObjectId) -> str:
    """The name of the relation or type that an object is a part of, or its own."""
    name = part.identity.rpartition(" on ")[2].removeprefix("for ").removesuffix("[]")
    is_column = part.kind.endswith(" column") or part.kind == "default value"
    return name.rpartition(".")[0] if is_column else name
