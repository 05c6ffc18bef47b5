"""One course of a drill on one database: what is tried, and what differs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from consolidate import layout
from consolidate.applying import Stuck, refused
from consolidate.catalog import compare, naming, rows
from consolidate.drill.drilled import STEPS, File
from consolidate.drill.filling import fill
from consolidate.drill.losses import GUARD, LIFTED, Step, complaints, in_the_way, losses
from consolidate.drill.renamed import Names
from consolidate.drill.risking import Risks
from consolidate.landings import Stairs
from consolidate.model import Difference, DifferenceKind, ObjectId
from consolidate.stairway import descend, step_down, told_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import psycopg

    from consolidate.catalog.naming import Bearer, Key
    from consolidate.catalog.rows import Rows
    from consolidate.drill.filling import Coverage
    from consolidate.landings import Landing
    from consolidate.stairway import Stairway
    from consolidate.waivers import Waived


class Course:
    """What is tried on one database; marks and differences grow as it goes."""

    def __init__(self, stairs: Stairway, waived: Waived) -> None:
        self._stairs = stairs
        self._waived = waived
        self._known = Stairs()
        """The facts on the way up."""
        self._step = ""
        """Which of the steps is being tried."""
        self._marks: dict[tuple[int, str], bool] = {}
        self._refused: dict[int, int] = {}
        self._told: set[Difference] = set()
        self.differences: list[Difference] = []
        self._names: dict[int, Mapping[Key, Bearer]] = {}
        """Who bears which name after that many files."""
        self.deeper = 0
        self.tops: list[Rows] = []
        """The rows at the top, each time that it was reached."""

    def files(self) -> tuple[File, ...]:
        """What came of each file so far."""
        return tuple(
            File(
                path=path,
                refused=self._refused.get(number),
                **{step: self._marks.get((number, step)) for step in STEPS},
            )
            for number, path in enumerate(self._stairs.files, start=1)
        )

    @property
    def leaves(self) -> bool:
        """Whether a rollback left what it declares: then the course goes on on another database."""
        return self._stairs.leaves

    def go_on(self, stairs: Stairway) -> None:
        """Goes on on another database that holds no more than the empty one."""
        self._stairs = stairs

    def stopped(self, stuck: Stuck) -> None:
        """The course ends at a file that the server refuses."""
        for number, path in enumerate(self._stairs.files, start=1):
            if stuck.path in {path, self._stairs.rollback(number)}:
                self._mark(number, holds=False)
        self._tell([refused(stuck)])

    # -- without rows of others -----------------------------------------------------------

    def climb(self) -> list[Landing]:
        """Applies every file, and keeps the states between them.

        Raises:
            Stuck: The server refuses one.
        """
        stairs = self._stairs
        landings = [stairs.landing(0)]
        self._keep(0)
        for number in range(1, len(stairs.files) + 1):
            self._up("up", number)
            landings.append(stairs.landing(number, landings[-1]))
            self._keep(number)
        self.tops.append(landings[-1].rows)
        return landings

    def climb_and_take_back(self) -> list[Landing]:
        """Applies every file, takes it back, and applies it again before the next.

        So every rollback is run where nothing later exists, and every file on what its own rollback
        has left. Where that has left the very catalogs that were there before, object identifiers
        included, the way further down is that of the shorter prefix, and of `descend`. Where it has
        not, as a column that was dropped leaves a hole, it goes on down until it comes to catalogs
        that are known, or to a file whose rollback declares that it leaves something.

        Raises:
            Stuck: The server refuses one of them.
        """
        stairs = self._stairs
        landings = [stairs.landing(0)]
        self._keep(0)
        for number in range(1, len(stairs.files) + 1):
            self._up("up", number)
            self._keep(number)
            lowest = self._back(number, landings)
            for above in range(lowest + 1, number + 1):
                self._up("again", above)
                del landings[above:]
                landings.append(stairs.landing(above, landings[-1]))
            if lowest == number:  # it was not taken back
                landings.append(stairs.landing(number, landings[-1]))
            self._compare_again(number, f"{stairs.files[number - 1]} again")
        self.tops.append(landings[-1].rows)
        return landings

    def _keep(self, number: int) -> None:
        """Takes note of the facts and the names after that many files."""
        self._known.push(self._stairs.facts())
        self._names[number] = naming.read(self._stairs.connection)

    def _back(self, number: int, landings: Sequence[Landing]) -> int:
        """Takes files back until the catalogs are known; how many files are still applied then."""
        stairs = self._stairs
        self._step = "down"
        for above in range(number, 0, -1):
            if stairs.declares(above):  # from what that leaves, no file goes up again
                return above
            below = landings[above - 1]
            found = step_down(stairs, above)
            same = stairs.is_the_very(below)
            left = stairs.unexplained(stairs.off(below, self._known.facts, same=same), above)
            self._mark(above, holds=not self._tell([*found, *left], stairs.rollback(above)))
            if same:
                self.deeper += above < number
                return above - 1
        self.deeper += number > 1
        return 0

    def descend(self, landings: Sequence[Landing]) -> None:
        """Takes every file back, from the last to the first.

        Raises:
            Stuck: The server refuses one.
        """
        self._step = "down"
        for number, found in descend(self._stairs, landings, self._known.facts):
            self._mark(number, holds=not self._tell(found))

    def descend_at_once(self, bottom: Landing) -> None:
        """Takes everything back by the one rollback for that, with its guard.

        Raises:
            Stuck: The server refuses it.
        """
        self._stairs.down_at_once()
        found = self._stairs.off(bottom, self._known.facts)
        self._tell(self._stairs.unexplained_at_once(found), layout.EMERGENCY)

    def again(self) -> list[Landing]:
        """Applies every file once more, to what the rollbacks have left.

        Raises:
            Stuck: The server refuses one.
        """
        landings = [self._stairs.landing(0)]
        self._names[0] = naming.read(self._stairs.connection)
        for number in range(1, len(self._stairs.files) + 1):
            self._up("again", number)
            landings.append(self._stairs.landing(number, landings[-1]))
            self._names[number] = naming.read(self._stairs.connection)
        self._compare_again(len(self._stairs.files), "up again")
        self.tops.append(landings[-1].rows)
        return landings

    def _compare_again(self, number: int, when: str) -> None:
        seen = compare.compare(self._known.facts(number), self._stairs.facts())
        found = self._tell(self._waived.kept("facts", seen), when)
        if number:
            self._mark(number, holds=not found)

    # -- with rows of others --------------------------------------------------------------

    def fill(self) -> Coverage:
        """Puts a row into every table that takes one."""
        there = rows.read(self._stairs.connection).tables
        tables = [one.table for one in there if one.table.object.kind == "table"]
        return fill(self._stairs.connection, tables)

    def descend_with_rows(self, landings: Sequence[Landing]) -> None:
        """Takes every file back where each table has rows that no file put there.

        A rollback that would lose any has to refuse, to name them, and to change nothing. Without
        its guard it has to do its work, and leave the rows of all tables that stay.

        Args:
            landings: The states on the way up, before the rows came.

        Raises:
            Stuck: The server refuses a rollback without its guard.
        """
        stairs = self._stairs
        self._step = "rows"
        for number in range(len(stairs.files), 0, -1):
            path = stairs.rollback(number)
            around = landings[number], landings[number - 1]
            explained = partial(stairs.unexplained, number=number)
            found, lost = self._with_rows(path, partial(stairs.down, number), *around, explained)
            self._refused[number] = lost
            told = self._tell(found, f"{path} with rows")
            if told or lost:  # else there was nothing that it could have lost
                self._mark(number, holds=not told)

    def at_once_with_rows(self, top: Landing, bottom: Landing) -> None:
        """The same for the rollback of everything.

        Raises:
            Stuck: The server refuses it without its guard.
        """
        path = layout.EMERGENCY
        explained = self._stairs.unexplained_at_once
        found, _ = self._with_rows(path, self._stairs.down_at_once, top, bottom, explained)
        self._tell(found, f"{path} with rows")

    def _with_rows(
        self,
        path: str,
        take_back: Callable[..., None],
        above: Landing,
        below: Landing,
        unexplained: Callable[[Sequence[Difference]], list[Difference]],
    ) -> tuple[list[Difference], int]:
        """What is wrong with one rollback, and how many rows of others went once it might."""
        stairs = self._stairs
        names = Names.between(self._names[below.files], self._names[above.files])
        lower = names.rows(below.rows)
        risks = Risks(stairs.connection, above.rows, lower, self._volatile())
        pointing = risks.put()
        before = stairs.landing(above.files, above)
        stuck = _refusal(take_back)
        silent: list[Difference] = []
        if stuck and pointing and not GUARD.match(stuck.message):  # a foreign key spoke for it
            silent = [_wrong(path, in_the_way(name)) for name in sorted(pointing)]
            pointing = frozenset()
            risks.release()
            before = stairs.landing(above.files, before)
            stuck = _refusal(take_back)
        found: list[Difference] = []
        warned: list[str] = []
        if stuck:
            if not GUARD.match(stuck.message):
                found.append(refused(stuck))
            if stairs.landing(above.files, before) != before:
                found.append(_wrong(path, "it changes something and then refuses"))
            risks.release()
            before = stairs.landing(above.files, before)
            warned = self._warned(partial(take_back, lifted=True))
        now = stairs.landing(below.files, below)
        after = names.rows(now.rows)
        lost = losses(Step(before=before.rows, after=after, above=above.rows, below=lower))
        if not found:
            said = stuck.message if stuck else None
            told = complaints(lost, said and _with(said, warned), before.rows, pointing)
            found = [_wrong(path, one) for one in told]
        found += silent
        same = now.catalogs == below.catalogs
        found += unexplained(stairs.off(below, self._known.facts, same=same, with_rows=False))
        return found, sum(lost.dropped.values()) + sum(lost.deleted.values())

    def _warned(self, run: Callable[[], None]) -> list[str]:
        """What a rollback says that it loses, once it may."""
        connection = self._stairs.connection
        found: list[str] = []

        def hear(told: psycopg.errors.Diagnostic) -> None:
            found.append(told.message_primary or "")

        connection.add_notice_handler(hear)
        try:
            run()
        finally:
            connection.remove_notice_handler(hear)
        return [one[match.end() :] for one in found if (match := LIFTED.match(one))]

    def _volatile(self) -> frozenset[tuple[str, str]]:
        """Columns that are filled differently each time that their file is applied."""
        if len(self.tops) < 2:  # noqa: PLR2004 - up, and up again
            return frozenset()
        once, again = self.tops[:2]
        marked = rows.mark(once, again)
        return frozenset(
            (one.table.object.identity, one.table.columns[place].name)
            for one in marked.tables
            for place in rows.volatile_places(one)
        )

    # -- telling --------------------------------------------------------------------------

    def _up(self, step: str, number: int) -> None:
        self._step = step
        self._stairs.up(number)
        self._mark(number, holds=True)

    def _mark(self, number: int, *, holds: bool) -> None:
        place = number, self._step
        self._marks[place] = self._marks.get(place, True) and holds

    def _tell(self, found: Sequence[Difference], when: str = "") -> Sequence[Difference]:
        """Takes differences down that were not told before, and returns these."""
        new = [one for one in found if one not in self._told]
        told = [_after(when, one) for one in new]
        self.differences += [one for one in told if one not in self._told]
        self._told |= {*new, *told}
        return new


def _refusal(take_back: Callable[[], None]) -> Stuck | None:
    """What the server says to a rollback with its guard, if it refuses it."""
    try:
        take_back()
    except Stuck as stuck:
        return stuck
    return None


def _with(said: str, warned: Sequence[str]) -> str:
    """What a guard says, with what is told of each constraint when that is put back."""
    return ", ".join([said, *(one for one in warned if one not in said)])


def _after(when: str, found: Difference) -> Difference:
    """A difference that says when it came up; a file that was refused says it by itself."""
    if not when or found.object.kind == "file":
        return found
    return told_after(when, [found])[0]


def _wrong(path: str, what: str) -> Difference:
    """What a guard does not do as it should."""
    return Difference(
        kind=DifferenceKind.CHANGED,
        object=ObjectId("file", path),
        attribute="guard of rows",
        left="every row that would be lost is named, and no other",
        right=what,
    )
