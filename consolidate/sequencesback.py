"""Takes sequences that stay back to where they stood, unless a number would be drawn twice."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.catalog.filled import COLUMNS
from consolidate.wording import positions

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from consolidate.catalog.filled import Filled
    from consolidate.catalog.rows import Rows, SequencePosition

_BACK = """\
-- Sequences go back to where they stood, unless somebody has drawn from them since, or they would
-- draw again what a row that stays holds.
DO $sequences$
DECLARE
    one record;
    filled record;
    used numeric;
BEGIN
    PERFORM set_config('row_security', 'off', true);
    SET CONSTRAINTS ALL IMMEDIATE;  -- what fails later would not undo setval()
    FOR one IN
        SELECT r.*, seqrelid, seqincrement < 0 AS falls FROM (VALUES
{listed}
        ) AS r (name, left_at, left_called, stood_at, stood_called, known)
        JOIN pg_sequence ON seqrelid = name::regclass
    LOOP
        EXECUTE format('SELECT last_value, is_called FROM %s', one.name) INTO filled;
        CONTINUE WHEN (filled.last_value, filled.is_called) <> (one.left_at, one.left_called);
        used := one.known;
        FOR filled IN
{columns}
        LOOP
            EXECUTE format('SELECT %s($1, %s(%s)) FROM %s',
                CASE WHEN one.falls THEN 'least' ELSE 'greatest' END,
                CASE WHEN one.falls THEN 'min' ELSE 'max' END, filled.name, filled.relation)
                INTO used USING used;
        END LOOP;
        IF used <> one.known THEN
            RAISE NOTICE '% stays at %: a row that stays holds %', one.name, one.left_at, used;
        ELSE
            PERFORM setval(one.seqrelid, one.stood_at, one.stood_called);
        END IF;
    END LOOP;
END
$sequences$;"""


def back(
    before: Rows, after: Rows, held: Mapping[str, Filled], made: Container[str]
) -> Iterator[str]:
    """The statements that take them back, if there is anything to do.

    One that was dropped, and is made again, is put where it stood.

    Args:
        before: Where they stood.
        after: Where they stand.
        held: What rows held before.
        made: Sequences that were made since.
    """
    earlier = {one.identity: one for one in before.sequences}
    moved = [
        (old, new)
        for new in after.sequences
        if (old := earlier.get(new.identity)) is not None
        and new.identity not in made
        and _place(old) != _place(new)
    ]
    left = {one.identity for one in after.sequences}
    yield from (positions.put_if_there(old) for old in before.sequences if old.identity not in left)
    if moved:
        lines = (_line(old, new, held.get(new.identity)) for old, new in moved)
        listed = ",\n".join(f"            ({line})" for line in lines)
        columns = indent(COLUMNS.replace("seqrelid", "one.seqrelid"), " " * 12)
        text = _BACK.replace("{columns}", columns).replace("{listed}", listed)
        yield names.retagged(text, "sequences")


def _line(old: SequencePosition, new: SequencePosition, held: Filled | None) -> str:
    """Where it is left and where it stood; and, where it goes back, up to where it was used."""
    used = "NULL::numeric"
    if held is not None:
        step = held.step
        if _place(new, step) > _place(old, step):
            drawn = old.last_value if old.is_called else old.last_value - step
            used = str(
                max(drawn * step, (drawn if held.farthest is None else held.farthest) * step) * step
            )
    places = (f"{one.last_value}, {str(one.is_called).lower()}" for one in (new, old))
    return ", ".join((names.literal(new.identity), *places, used))


def _place(one: SequencePosition, step: int = 1) -> tuple[int, bool]:
    return one.last_value * step, one.is_called
