"""Writes the README of the rollbacks: their order, the procedure, and what each of them does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import impact, layout
from consolidate.markdown import cell, code, table
from consolidate.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Rows
    from consolidate.impact import Impact

_SHOWN = 3
"""Names that a cell of the table tells."""


def build(paths: Iterable[str], rollbacks: Mapping[str, str], held: Rows) -> str:
    """The text.

    Args:
        paths: The files that have a rollback each.
        rollbacks: The texts of the rollbacks, by path; what is not there is not told of.
        held: The tables that are there before all rollbacks.
    """
    ordered = list(reversed(layout.in_order(paths)))
    told = [layout.rollback_of(path) for path in ordered]
    impacts = {
        _below(path): impact.of(path, rollbacks[path], held)
        for path in (*told, layout.EMERGENCY)
        if path in rollbacks
    }
    order = [(code(_below(back)), code(path)) for back, path in zip(told, ordered, strict=True)]
    return _README.format(
        table=table(("Rollback", "Takes back"), order),
        impact=_impacts(impacts) if impacts else "",
        irreversible="".join(_irreversible(impacts)),
    )


def _below(path: str) -> str:
    return path.removeprefix("rollback/")


def _impacts(impacts: Mapping[str, Impact]) -> str:
    rows = [
        (code(path), _dropped(one), str(one.changed or "-"), _locks(one), _names(one.rows) or "-")
        for path, one in impacts.items()
    ]
    head = ("Rollback", "Drops", "Other changes", "Locks", "Rows go from")
    return _IMPACT.format(table=table(head, rows))


def _dropped(one: Impact) -> str:
    """How many of each kind; their names, too, where they are few."""
    few = sum(map(len, one.dropped.values())) <= _SHOWN
    told = []
    for kind, found in one.dropped.items():
        number = counted(len(found), kind) if len(found) == 1 else f"{len(found):,} {_many(kind)}"
        told.append(f"{number} ({_names(found)})" if few else number)
    return ", ".join(told) or "-"


def _many(kind: str) -> str:
    """The plural of a kind."""
    if kind.endswith("y"):
        return f"{kind[:-1]}ies"
    if kind.endswith(("x", "ss")):
        return f"{kind}es"
    return kind if kind.endswith("s") else f"{kind}s"


def _locks(one: Impact) -> str:
    return "; ".join(f"{lock} on {_names(tables)}" for lock, tables in one.locks.items()) or "-"


def _names(found: Sequence[str]) -> str:
    return listed([code(name) for name in found], _SHOWN)


def _irreversible(impacts: Mapping[str, Impact]) -> Iterator[str]:
    """Each reason once, with the file that it stands in."""
    found: dict[str, str] = {}
    for path, one in impacts.items():
        for reason in one.irreversible:
            found.setdefault(reason, path)
    if found:
        yield _LEFT.format(
            list="\n".join(f"- {cell(reason)} ({code(path)})" for reason, path in found.items())
        )


_IMPACT = """
## Impact

{table}

A lock is held until the transaction ends. ACCESS EXCLUSIVE keeps everybody out of the table, even
readers; EXCLUSIVE, SHARE ROW EXCLUSIVE and SHARE keep out writers. A table that a dropped foreign
key points at is locked as well, and so is one whose rows a foreign key would delete or change with
those that go. Rows go with their table, or because the file wrote them.
"""

_LEFT = """
### What no rollback takes back

{list}
"""

_README = """\
# Rollback

Each file takes back one file of `migrations/` or `seed/`. They run from the last to the first:

{table}

`emergency_rollback.sql` takes back everything at once, in the same order, but for what is new:
take that back before.
{impact}{irreversible}
## Procedure

1. **Stop** the application, and whatever else writes to the database.
2. **Back up**: `pg_dump -Fc -f before_rollback.dump`, and see that `pg_restore -l` can read it.
3. **Roll back** from the top of the list down to the file that you want to be rid of:

   ```sh
   psql -X -1 -v ON_ERROR_STOP=1 -f rollback/FILE
   ```

   If a file fails, its transaction is undone and the database is as before. Without `-1`, or
   a BEGIN before it, all of its statements are refused.
   Nothing is dropped with CASCADE unless the mapping asks for it, so an object that was added since
   makes it fail.
4. **Verify** that the objects are gone and the remaining rows are all there.
5. **Restart** the application in the version that fits.
6. **Monitor** its errors and the database's log.

## Rows

A rollback refuses to lose rows, except those that its own file wrote and nobody changed. It names
what else is there, with numbers: rows in tables that it drops, in partitions and children that were
added since, in columns that were added since, rows that were changed since, and rows of others that
a foreign key would delete or change along. Columns that differ from run to run, such as a `now()`,
are compared by whether they are NULL: what was changed in them since goes unnoticed. To drop them
all the same, with the list as a warning:

```sh
PGOPTIONS='-c consolidate.allow_data_loss=on' psql -X -1 -v ON_ERROR_STOP=1 -f rollback/FILE
```

Rows that are deleted from a table which stays fire neither triggers nor rules. Whoever runs it must
own the tables, and may be no superuser: where row security hides a row from them, it fails.

`rollback_template.sql` is what `consolidate new` begins a rollback with.
"""
