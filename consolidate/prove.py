"""The proof: applies the rendered files, takes them back, and lets the witnesses look.

Nothing of how the files came to be is known here: only the truth and the text of the output.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import chance, declared, layout
from consolidate.applying import Stuck, apply, apply_all, refused, text_of
from consolidate.catalog import compare, facts, privileges, rows, witnesses
from consolidate.catalog.witnesses import Sight
from consolidate.empty_database import platform
from consolidate.landings import Landings
from consolidate.lines import alongside
from consolidate.model import Check, CheckStatus
from consolidate.phrases import counted
from consolidate.stairway import Stairway, climb, compared_rows, descend, told_after
from consolidate.verdict import Verdict
from consolidate.waivers import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import psycopg

    from consolidate.catalog.rows import Rows
    from consolidate.lines import Lines
    from consolidate.model import Difference, Snapshot
    from consolidate.servers.interface import Cluster, Server
    from consolidate.truth import Truth
    from consolidate.waivers import Waived

_COMPARED = "up again, and all at once compared"
_CHECKS = (*witnesses.NAMES, "rows", "rollback")


def prove(
    truth: Truth,
    tree: Mapping[str, str],
    server: Server,
    *,
    waived: Waived = NOTHING,
    progress: Callable[[str], None] = lambda _: None,
) -> Verdict:
    """Builds the output on a throwaway cluster and compares it with the truth.

    Args:
        truth: What the legacy history builds on this server.
        tree: The output's files, as they are on disk or will be.
        server: Where to build; of the truth's major.
        waived: What the proof is not held to.
        progress: Told what begins.
    """
    between = Landings(lambda number: _climbed(truth, tree, server, number))
    proof = _Proof(truth, tree, between, waived, progress)
    if not server.side_by_side:
        with contextlib.suppress(Stuck):
            between.prepare(len(proof.files))
    with alongside(
        lambda lines: _second_build(truth, tree, server, lines), really=server.side_by_side
    ) as second_build:
        with platform(server, truth.prelude) as (cluster, connection):
            proof.run(cluster, connection)
        proof.compare_second(second_build)
    return Verdict(
        server=server.url,
        version=truth.version,
        checks=proof.told(),
        differences=proof.differences(),
        volatile=rows.volatile_cells(truth.marked),
        waivers=waived.names,
        limits=proof.limits,
        counts=proof.counts,
    )


class _Proof:
    """One proof on one cluster; its checks and differences grow as it goes."""

    def __init__(
        self,
        truth: Truth,
        tree: Mapping[str, str],
        between: Landings,
        waived: Waived,
        progress: Callable[[str], None],
    ) -> None:
        self._truth = truth
        self._between = between
        self._tree = tree
        self._waived = waived
        self.files = layout.in_order(tree)
        self._progress = progress
        self._checks: dict[str, Check] = {}
        self._differences: dict[str, Sequence[Difference]] = {}
        self._built: Rows | None = None
        self._taken_back: list[Difference] = []
        self._leaves = False
        """Whether the rollbacks leave something that they declare."""
        self.limits: tuple[str, ...] = ()
        self.counts: dict[str, int] = {"files": len(self.files)}

    def run(self, cluster: Cluster, connection: psycopg.Connection) -> None:
        self._progress("apply the output")
        self.limits = privileges.limits(connection)
        stairs = Stairway(connection, self._tree, self._waived)
        try:
            landings = climb(stairs)
        except Stuck as stuck:
            self._stopped(stuck)
            return
        self._progress("compare the catalogs")
        built, top = witnesses.look(connection, cluster), landings[-1]
        self._built = top.rows
        self.counts["objects"] = len(built.facts.objects)
        self.counts["rows"] = sum(len(table.rows) for table in top.rows.tables)
        checks = witnesses.compared(_seen(self._truth), built, self._waived)
        self._checks |= {check.name: check for check in checks}
        self._differences["facts"] = witnesses.told(checks)
        if "rollback" in self._waived:
            self._skip("rollback", "waived")
            return
        self._progress("roll back")
        try:
            for _, found in descend(stairs, landings, self._between.facts):
                self._taken_back += found
            self._leaves = stairs.leaves
            if not (self._leaves or stairs.is_the_very(landings[0])):
                self._taken_back += self._up_again(connection)
        except Stuck as stuck:
            self._fail("rollback", stuck)

    def told(self) -> tuple[Check, ...]:
        """The checks, in the order in which they are read."""
        return tuple(self._checks[name] for name in _CHECKS)

    def differences(self) -> tuple[Difference, ...]:
        """What differs, in that order, too."""
        return tuple(found for name in _CHECKS for found in self._differences.get(name, ()))

    def _up_again(self, connection: psycopg.Connection) -> list[Difference]:
        """What differs once all is applied again to what the rollbacks have left.

        On the very catalogs that were there before the first file, it would show nothing new.
        """
        apply_all(connection, self._tree)
        again = self._against_truth(facts.read(connection))
        told = set(self.differences())
        return told_after("up again", [one for one in again if one not in told])

    def _against_truth(self, found: Snapshot) -> Sequence[Difference]:
        return self._waived.kept("facts", compare.compare(self._truth.final.facts, found))

    def compare_second(self, second_build: Callable[[], _Second]) -> None:
        """Compares what a second build shows, once it is done."""
        if self._built is None:
            return
        self._progress("build once more")
        try:
            second = second_build()
        except Stuck as stuck:
            self._fail("rows", stuck)
            self._fail("rollback", stuck)
            return
        self._compare_rows(self._built, second.rows)
        if "rollback" in self._checks:
            return
        declares = declared.left(self._tree.get(layout.EMERGENCY, ""))
        left = [
            one
            for one in self._waived.kept("facts", self._waived.kept("rows", second.left))
            if not declared.explained(one, declares)
        ]
        found = [*self._taken_back, *told_after(layout.EMERGENCY, left)]
        if second.refused:
            found.append(second.refused)
        if second.again:
            told = {*self.differences(), *left}
            again = self._against_truth(second.again)
            found += told_after("up again", [one for one in again if one not in told])
        taken_back = counted(len(self.files), "rollback")
        how = "all at once compared; what they declare is left" if self._leaves else _COMPARED
        self._check("rollback", found, f"{taken_back}, {how}")

    def _compare_rows(self, first: Rows, second: Rows) -> None:
        """The rows of the build against the truth's; what two builds do not share is volatile."""
        if "rows" in self._waived:
            self._skip("rows", "waived")
            return
        marked = rows.mark(first, second, self._truth.clocked)
        found = self._waived.kept("rows", rows.compare(self._truth.marked, marked))
        tables = sum(1 for table in first.tables if table.rows)
        self._check(
            "rows",
            found,
            f"{counted(self.counts['rows'], 'row')} of {counted(tables, 'table')} "
            "and all sequences",
        )

    # -- telling --------------------------------------------------------------------------

    def _check(self, name: str, found: Sequence[Difference], reason: str) -> None:
        self._differences[name] = found
        if found:
            reason = counted(len(found), "difference")
        status = CheckStatus.FAILED if found else CheckStatus.PASSED
        self._checks[name] = Check(
            name=name, status=status, reason=reason, differences=tuple(found)
        )

    def _skip(self, name: str, reason: str) -> None:
        self._checks[name] = Check(name=name, status=CheckStatus.SKIPPED, reason=reason)

    def _fail(self, name: str, stuck: Stuck) -> None:
        found = (refused(stuck),)
        self._checks[name] = Check(
            name=name, status=CheckStatus.FAILED, reason=str(stuck), differences=found
        )
        self._differences[name] = found

    def _stopped(self, stuck: Stuck) -> None:
        self._fail("facts", stuck)
        for name in _CHECKS[1:]:
            self._skip(name, "not compared: the output does not apply")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Second:
    """What a second build shows, in other circumstances than the first."""

    rows: Rows
    left: Sequence[Difference] = ()
    """What all rollbacks in one go leave behind."""
    refused: Difference | None = None
    """The file that is refused on the way down, or up again."""
    again: Snapshot | None = None
    """The facts once it is built again, if none is refused."""


def _seen(truth: Truth) -> Sight:
    """What the witnesses saw of the database that the legacy history builds."""
    return Sight(facts=truth.final.facts, projection=truth.projection, dump=truth.final.dump)


def _second_build(
    truth: Truth, tree: Mapping[str, str], server: Server, lines: Lines | None
) -> _Second:
    """Builds the output, takes it back in one go, with the guard on, and builds it again."""
    with platform(server, truth.prelude, perturbed=True, lines=lines) as (_, connection):
        if is_ours := chance.is_ours(connection, tree.values()):
            chance.otherwise(connection)
        bottom, bottom_rows = facts.read(connection), rows.read(connection)
        apply_all(connection, tree)
        built = rows.read(connection)
        left: list[Difference] = []
        try:
            apply(connection, layout.EMERGENCY, text_of(tree, layout.EMERGENCY))
            left += compare.compare(bottom, facts.read(connection))
            left += compared_rows(bottom_rows, rows.read(connection))
            if declared.left(text_of(tree, layout.EMERGENCY)):
                return _Second(rows=built, left=left)
            if is_ours:
                chance.as_it_was(connection)
            apply_all(connection, tree)
        except Stuck as stuck:
            return _Second(rows=built, left=left, refused=refused(stuck))
        return _Second(rows=built, left=left, again=facts.read(connection))


def _climbed(
    truth: Truth, tree: Mapping[str, str], server: Server, number: int
) -> Iterator[Snapshot]:
    """The facts before the first file and after each of some, on a cluster of their own."""
    with platform(server, truth.prelude) as (_, connection):
        yield facts.read(connection)
        for path in layout.in_order(tree)[:number]:
            apply(connection, path, tree[path])
            yield facts.read(connection)
