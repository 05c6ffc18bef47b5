"""Goes up and down the files of an output on one database, and tells what a step has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate import chance, declared, layout
from consolidate.applying import Stuck, apply, refused, text_of
from consolidate.catalog import compare, digest, facts, rows
from consolidate.landings import Landing
from consolidate.waivers import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import psycopg

    from consolidate.catalog.rows import Rows
    from consolidate.model import Difference, Snapshot
    from consolidate.waivers import Waived


class Stairway:
    """A throwaway database that files are applied to and taken back from."""

    def __init__(
        self, connection: psycopg.Connection, tree: Mapping[str, str], waived: Waived = NOTHING
    ) -> None:
        self.connection = connection
        self.files = layout.in_order(tree)
        self._tree = tree
        self._waived = waived
        self._draws = chance.is_ours(connection, tree.values())
        self._catalogs = digest.Digest(connection)
        self._known: rows.Known = {}
        self._declared = [
            declared.left(tree.get(layout.rollback_of(path), "")) for path in self.files
        ]
        """What each rollback declares that it leaves, in the order of the files."""
        self.leaves = False
        """Whether a rollback left what it declares: from there no file goes up again."""

    def up(self, number: int) -> None:
        """Applies a file, counted from one.

        Raises:
            Stuck: The server refuses it.
        """
        path = self.files[number - 1]
        if self._draws:
            chance.seed(self.connection, path)
        apply(self.connection, path, self._tree[path])

    def down(self, number: int, *, lifted: bool = False) -> None:
        """Takes a file back, if `lifted` without the guard of its rows.

        Raises:
            Stuck: The server refuses it, or there is no rollback.
        """
        path = self.rollback(number)
        apply(self.connection, path, text_of(self._tree, path), lifted=lifted)

    def down_at_once(self, *, lifted: bool = False) -> None:
        """Takes everything back by the one file for that, as `down` does."""
        path = layout.EMERGENCY
        apply(self.connection, path, text_of(self._tree, path), lifted=lifted)

    def rollback(self, number: int) -> str:
        """Where the rollback of a file stands."""
        return layout.rollback_of(self.files[number - 1])

    def declares(self, number: int) -> bool:
        """Whether the rollback of a file declares that it leaves something."""
        return bool(self._declared[number - 1])

    def unexplained(self, found: Sequence[Difference], number: int) -> list[Difference]:
        """What differs after all files down to one were taken back, less what these declare."""
        return self._less(found, [line for own in self._declared[number - 1 :] for line in own])

    def unexplained_at_once(self, found: Sequence[Difference]) -> list[Difference]:
        """What differs after the one rollback of all, less what that declares."""
        return self._less(found, declared.left(self._tree.get(layout.EMERGENCY, "")))

    def _less(self, found: Sequence[Difference], told: Sequence[str]) -> list[Difference]:
        rest = [one for one in found if not declared.explained(one, told)]
        self.leaves = self.leaves or len(rest) < len(found)
        return rest

    def landing(self, number: int, since: Landing | None = None) -> Landing:
        """The state of the database, after that many files.

        Args:
            number: How many.
            since: An earlier state, of which little may have changed.
        """
        catalogs = self._catalogs.read(self.connection, since.catalogs if since else None)
        like = since.rows if since and catalogs == since.catalogs else None
        return Landing(number, catalogs, rows.read(self.connection, self._known, like=like))

    def facts(self) -> Snapshot:
        """The facts of the database as it is."""
        return facts.read(self.connection)

    def is_the_very(self, wanted: Landing) -> bool:
        """Whether the catalogs are what they were then, object identifiers included."""
        return self._catalogs.read(self.connection, wanted.catalogs) == wanted.catalogs

    def off(
        self,
        wanted: Landing,
        known: Callable[[int], Snapshot],
        *,
        same: bool | None = None,
        with_rows: bool = True,
    ) -> list[Difference]:
        """What differs from an earlier state of the same database.

        Args:
            wanted: The state.
            known: Gives its facts, which are only asked for where the catalogs are not the very
                same.
            same: Whether the catalogs are the very same, where that is known.
            with_rows: Whether rows count.
        """
        if same is None:
            same = self.is_the_very(wanted)
        found: list[Difference] = []
        if not same:
            seen = compare.compare(known(wanted.files), self.facts())
            found += self._waived.kept("facts", seen)
        if with_rows:
            now = rows.read(self.connection, self._known, like=wanted.rows if same else None)
            found += self._waived.kept("rows", compared_rows(wanted.rows, now))
        return found


def climb(stairs: Stairway) -> list[Landing]:
    """Applies every file, and keeps the states between them.

    Raises:
        Stuck: The server refuses one.
    """
    landings = [stairs.landing(0)]
    for number in range(1, len(stairs.files) + 1):
        stairs.up(number)
        landings.append(stairs.landing(number, landings[-1]))
    return landings


def descend(
    stairs: Stairway, landings: Sequence[Landing], known: Callable[[int], Snapshot]
) -> Iterator[tuple[int, list[Difference]]]:
    """Runs every rollback, from the last file's to the first's.

    One that refuses, because it takes rows for somebody else's, is told, and run without its guard.

    Args:
        stairs: After the last file.
        landings: The states on the way up.
        known: Gives their facts.

    Yields:
        The number of each file, and what differs from the state before it; what one rollback leaves
        is told for that one only.

    Raises:
        Stuck: The server refuses one that has no guard any more.
    """
    told: set[Difference] = set()
    for number in range(len(stairs.files), 0, -1):
        found = step_down(stairs, number)
        left = stairs.unexplained(stairs.off(landings[number - 1], known), number)
        found += told_after(stairs.rollback(number), [one for one in left if one not in told])
        told |= set(left)
        yield number, found


def step_down(stairs: Stairway, number: int) -> list[Difference]:
    """Takes one file back, without its guard if that refuses, which is told.

    Raises:
        Stuck: The server refuses it all the same.
    """
    try:
        stairs.down(number)
    except Stuck as stuck:
        stairs.down(number, lifted=True)
        return [refused(stuck)]
    return []


def compared_rows(wanted: Rows, found: Rows) -> Sequence[Difference]:
    """The rows that two states of one database do not share."""
    if wanted == found:
        return ()
    return rows.compare(rows.mark(wanted, wanted), rows.mark(found, found))


def told_after(when: str, found: Sequence[Difference]) -> list[Difference]:
    """Differences that say when they came up."""
    return [
        replace(difference, attribute=f"{difference.attribute} (after {when})".strip())
        for difference in found
    ]
