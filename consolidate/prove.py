"""The proof: applies the rendered files, takes them back, and lets the witnesses look.

Nothing of how the files came to be is known here: only the truth and the text of the output.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import layout
from consolidate.catalog import compare, digest, facts, privileges, rows, witnesses
from consolidate.catalog.witnesses import Sight
from consolidate.empty_database import platform
from consolidate.landings import Landings
from consolidate.lines import alongside
from consolidate.model import Check, CheckStatus, Difference, DifferenceKind, ObjectId
from consolidate.phrases import counted
from consolidate.replay import execute
from consolidate.verdict import Verdict
from consolidate.waivers import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import psycopg

    from consolidate.catalog.rows import Rows
    from consolidate.lines import Lines
    from consolidate.model import Snapshot
    from consolidate.servers.interface import Cluster, Server
    from consolidate.truth import Truth
    from consolidate.waivers import Waived

_CHECKS = (*witnesses.NAMES, "rows", "rollback")

LIFTED = "SET consolidate.allow_data_loss = 'on';"
"""What a rollback is preceded by where rows may be lost."""


@dataclass(frozen=True, slots=True)
class _Landing:
    """The database between two files."""

    files: int
    """How many were applied."""
    catalogs: digest.Reading
    """Where two states of one database share it, they share all facts."""
    rows: Rows


class _Stuck(Exception):  # noqa: N818 - the answer of a proof, not a failure of ours
    """A file that the server refused."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


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
        with contextlib.suppress(_Stuck):
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
        self._known: rows.Known = {}
        self._built: Rows | None = None
        self._taken_back: list[Difference] = []
        self.limits: tuple[str, ...] = ()
        self.counts: dict[str, int] = {"files": len(self.files)}

    def run(self, cluster: Cluster, connection: psycopg.Connection) -> None:
        self._progress("apply the output")
        self.limits = privileges.limits(connection)
        catalogs = digest.Digest(connection)
        try:
            landings = self._up(connection, catalogs)
        except _Stuck as stuck:
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
        self._progress("roll back")
        try:
            self._taken_back = self._down(connection, catalogs, landings)
            if catalogs.read(connection, landings[0].catalogs) != landings[0].catalogs:
                self._taken_back += self._up_again(connection)
        except _Stuck as stuck:
            self._fail("rollback", stuck)

    def told(self) -> tuple[Check, ...]:
        """The checks, in the order in which they are read."""
        return tuple(self._checks[name] for name in _CHECKS)

    def differences(self) -> tuple[Difference, ...]:
        """What differs, in that order, too."""
        return tuple(found for name in _CHECKS for found in self._differences.get(name, ()))

    # -- up and down ----------------------------------------------------------------------

    def _up(self, connection: psycopg.Connection, catalogs: digest.Digest) -> list[_Landing]:
        landings = [_Landing(0, catalogs.read(connection), rows.read(connection, self._known))]
        for number, path in enumerate(self.files, start=1):
            _apply(connection, path, self._tree[path])
            read = catalogs.read(connection, landings[-1].catalogs)
            landings.append(_Landing(number, read, rows.read(connection, self._known)))
        return landings

    def _down(
        self,
        connection: psycopg.Connection,
        catalogs: digest.Digest,
        landings: Sequence[_Landing],
    ) -> list[Difference]:
        """Every rollback, from the last file's to the first's.

        One that refuses, because it takes rows for somebody else's, is told, and run without its
        guard.
        """
        found: list[Difference] = []
        known: set[Difference] = set()
        for number in range(len(self.files), 0, -1):
            path = layout.rollback_of(self.files[number - 1])
            try:
                _apply(connection, path, _rollback(self._tree, path))
            except _Stuck as stuck:
                execute(connection, "DISCARD ALL")
                _apply(connection, path, f"{LIFTED}\n{_rollback(self._tree, path)}")
                found.append(_refused(stuck))
            differences = self._back(connection, catalogs, landings[number - 1])
            found += _told_after(path, [d for d in differences if d not in known])
            known |= set(differences)
        return found

    def _up_again(self, connection: psycopg.Connection) -> list[Difference]:
        """What differs once all is applied again to what the rollbacks have left.

        On the very catalogs that were there before the first file, it would show nothing new.
        """
        _apply_all(connection, self._tree)
        again = self._against_truth(facts.read(connection))
        told = set(self.differences())
        return _told_after("up again", [one for one in again if one not in told])

    def _back(
        self, connection: psycopg.Connection, catalogs: digest.Digest, wanted: _Landing
    ) -> list[Difference]:
        """What differs from an earlier state of the same database."""
        same = catalogs.read(connection, wanted.catalogs) == wanted.catalogs
        now = rows.read(connection, self._known, like=wanted.rows if same else None)
        found = list(self._waived.kept("rows", _compared_rows(wanted.rows, now)))
        if not same:
            before = self._between.facts(wanted.files)
            seen = compare.compare(before, facts.read(connection))
            found[:0] = self._waived.kept("facts", seen)
        return found

    def _against_truth(self, found: Snapshot) -> Sequence[Difference]:
        return self._waived.kept("facts", compare.compare(self._truth.final.facts, found))

    def compare_second(self, second_build: Callable[[], _Second]) -> None:
        """Compares what a second build shows, once it is done."""
        if self._built is None:
            return
        self._progress("build once more")
        try:
            second = second_build()
        except _Stuck as stuck:
            self._fail("rows", stuck)
            self._fail("rollback", stuck)
            return
        self._compare_rows(self._built, second.rows)
        if "rollback" in self._checks:
            return
        left = self._waived.kept("facts", self._waived.kept("rows", second.left))
        found = [*self._taken_back, *_told_after(layout.EMERGENCY, left)]
        if second.refused:
            found.append(second.refused)
        if second.again:
            told = {*self.differences(), *left}
            again = self._against_truth(second.again)
            found += _told_after("up again", [one for one in again if one not in told])
        taken_back = counted(len(self.files), "rollback")
        self._check("rollback", found, f"{taken_back}, up again, and all at once compared")

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

    def _fail(self, name: str, stuck: _Stuck) -> None:
        found = (_refused(stuck),)
        self._checks[name] = Check(
            name=name, status=CheckStatus.FAILED, reason=str(stuck), differences=found
        )
        self._differences[name] = found

    def _stopped(self, stuck: _Stuck) -> None:
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
        bottom, bottom_rows = facts.read(connection), rows.read(connection)
        _apply_all(connection, tree)
        built = rows.read(connection)
        left: list[Difference] = []
        try:
            _apply(connection, layout.EMERGENCY, _rollback(tree, layout.EMERGENCY))
            left += compare.compare(bottom, facts.read(connection))
            left += _compared_rows(bottom_rows, rows.read(connection))
            _apply_all(connection, tree)
        except _Stuck as stuck:
            return _Second(rows=built, left=left, refused=_refused(stuck))
        return _Second(rows=built, left=left, again=facts.read(connection))


def _apply_all(connection: psycopg.Connection, tree: Mapping[str, str]) -> None:
    for path in layout.in_order(tree):
        _apply(connection, path, tree[path])


def _rollback(tree: Mapping[str, str], path: str) -> str:
    if path not in tree:
        raise _Stuck(path, "there is no such file")
    return tree[path]


def _climbed(
    truth: Truth, tree: Mapping[str, str], server: Server, number: int
) -> Iterator[Snapshot]:
    """The facts before the first file and after each of some, on a cluster of their own."""
    with platform(server, truth.prelude) as (_, connection):
        yield facts.read(connection)
        for path in layout.in_order(tree)[:number]:
            _apply(connection, path, tree[path])
            yield facts.read(connection)


def _apply(connection: psycopg.Connection, path: str, text: str) -> None:
    """Applies one file as `psql -1` does: all of it in one transaction, in a fresh session."""
    import psycopg  # noqa: PLC0415

    try:
        execute(connection, text)
        execute(connection, "DISCARD ALL")
    except psycopg.Error as error:
        told = error.diag.message_primary or str(error).strip()
        detail = f" ({error.diag.message_detail})" if error.diag.message_detail else ""
        raise _Stuck(path, told + detail) from None


def _refused(stuck: _Stuck) -> Difference:
    """A file that the server did not take, as a difference."""
    return Difference(
        kind=DifferenceKind.CHANGED,
        object=ObjectId("file", stuck.path),
        attribute="applies",
        left="yes",
        right=str(stuck),
    )


def _compared_rows(wanted: Rows, found: Rows) -> Sequence[Difference]:
    """The rows that two states of one database do not share."""
    if wanted == found:
        return ()
    return rows.compare(rows.mark(wanted, wanted), rows.mark(found, found))


def _told_after(when: str, found: Sequence[Difference]) -> list[Difference]:
    return [
        replace(difference, attribute=f"{difference.attribute} (after {when})".strip())
        for difference in found
    ]
