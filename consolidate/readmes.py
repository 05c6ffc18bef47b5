"""Writes the README of each folder of the output and the template of a rollback, from the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import tally
from consolidate.markdown import cell, code, table
from consolidate.phrases import counted
from consolidate.plan import Folder
from consolidate.provenance import Provenance, sources
from consolidate.render import title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.plan import Plan, PlannedFile
    from consolidate.truth import Truth


def build(plan: Plan, truth: Truth) -> Mapping[str, str]:
    """The texts by path; no seed, no `seed/README.md`."""
    migrations = [file for file in plan.files if file.slot.folder is Folder.MIGRATIONS]
    seeds = [file for file in plan.files if file.slot.folder is Folder.SEED]
    readmes = {
        "migrations/README.md": _migrations(migrations, truth),
        "rollback/README.md": _rollback(plan),
        "rollback/rollback_template.sql": _TEMPLATE,
    }
    if seeds:
        readmes["seed/README.md"] = _seeds(seeds, plan, truth)
    return readmes


# -- migrations -------------------------------------------------------------------------------


def _migrations(files: Sequence[PlannedFile], truth: Truth) -> str:
    provenance = Provenance.of(truth)
    rows = [
        (
            code(file.path.removeprefix("migrations/")),
            cell(title(file.slot)),
            ", ".join(code(path) for path in provenance.paths(sources(file))) or "-",
        )
        for file in files
    ]
    apart = [file for file in files if _is_apart(file)]
    text = _MIGRATIONS.format(
        files=counted(len(files), "file"),
        legacy=counted(len(truth.files), "legacy migration"),
        table=table(("File", "What", "Legacy files"), rows),
    )
    if apart:
        text += _APART.format(files="\n".join(f"- {code(file.path)}" for file in apart))
    return text


def _is_apart(file: PlannedFile) -> bool:
    return any(step.unit.outside_transaction for step in file.steps)


_MIGRATIONS = """\
# Migrations

{files} that build what {legacy} built. They are applied in the order of their paths:

{table}

## Applying them

To an empty database, from the folder above this one:

```sh
find migrations -name '*.sql' | LC_ALL=C sort | while read -r file; do
    psql -X -1 -v ON_ERROR_STOP=1 -f "$file" || exit 1
done
```

`-1` puts each file into a transaction of its own, so no file holds BEGIN or COMMIT. The first file
raises if the database already holds what these migrations make. Where the legacy migrations ran,
there is nothing to apply: record the new files as applied.

Every file names its rollback and the legacy lines that it comes from. `manifest.json` tells the
same for every object.
"""

_APART = """
## Outside a transaction

Apply these without `-1`; each holds a statement that PostgreSQL refuses inside a transaction:

{files}
"""


# -- seeds ------------------------------------------------------------------------------------


def _seeds(files: Sequence[PlannedFile], plan: Plan, truth: Truth) -> str:
    rows = []
    for file in files:
        counts = tally.rows(file.steps, truth)
        rows.append(
            (
                code(file.path.removeprefix("seed/")),
                cell(title(file.slot)),
                ", ".join(code(table.identity) for table in counts) or "-",
                str(sum(counts.values())),
            )
        )
    empty = tally.empty_without_seeds(plan, truth)
    return _SEEDS.format(
        table=table(("File", "What", "Tables", "Rows"), rows),
        empty="\n".join(f"- {code(table.identity)}" for table in empty)
        or "None: every table that has rows has some from the migrations alone.",
    )


_SEEDS = """\
# Seeds

Rows that are not part of the migrations:

{table}

## Loading them

After all migrations, in the order of their names; leave out what a database shall not have:

```sh
find seed -name '*.sql' | LC_ALL=C sort | while read -r file; do
    psql -X -1 -v ON_ERROR_STOP=1 -f "$file" || exit 1
done
```

## Empty without them

{empty}
"""


# -- rollback ---------------------------------------------------------------------------------


def _rollback(plan: Plan) -> str:
    rows = [
        (code(file.slot.rollback_path.removeprefix("rollback/")), code(file.path))
        for file in reversed(plan.files)
    ]
    return _ROLLBACK.format(table=table(("Rollback", "Takes back"), rows))


_ROLLBACK = """\
# Rollback

Each file takes back one file of `migrations/` or `seed/`. They run from the last to the first:

{table}

`emergency_rollback.sql` takes back everything at once, in the same order.

## Procedure

1. **Stop** the application, and whatever else writes to the database.
2. **Back up**: `pg_dump -Fc -f before_rollback.dump`, and see that `pg_restore -l` can read it.
3. **Roll back** from the top of the list down to the file that you want to be rid of:

   ```sh
   psql -X -1 -v ON_ERROR_STOP=1 -f rollback/FILE
   ```

   If a file fails, its transaction is undone and the database is as before. Nothing is dropped
   with CASCADE unless the mapping asks for it, so an object that was added since makes it fail.
4. **Verify** that the objects are gone and the remaining rows are all there.
5. **Restart** the application in the version that fits.
6. **Monitor** its errors and the database's log.

## Rows

A rollback refuses to drop rows, except those that its own file inserted and nobody changed. To
drop them all the same:

```sh
PGOPTIONS='-c consolidate.allow_data_loss=on' psql -X -1 -v ON_ERROR_STOP=1 -f rollback/FILE
```

`rollback_template.sql` is the start of a rollback for a migration that you add.
"""

_TEMPLATE = """\
-- Takes back: migrations/PHASE/VERSION_NAME.sql
-- Loses: the rows of TABLE (or: nothing)
--
-- Apply with: psql -X -1 -v ON_ERROR_STOP=1 -f THIS_FILE
-- psql opens the transaction; BEGIN and COMMIT do not belong here.

-- 1. Refuse to lose rows. Repeat the block for every table that is dropped below.
/*
DO $$
BEGIN
    IF current_setting('consolidate.allow_data_loss', true) IS DISTINCT FROM 'on'
       AND EXISTS (SELECT FROM public.table_name) THEN
        RAISE EXCEPTION 'public.table_name still has rows'
            USING HINT = 'SET consolidate.allow_data_loss = ''on'' drops them.';
    END IF;
END
$$;
*/

-- 2. Undo the migration's statements from the last to the first, without CASCADE.
/*
DROP TRIGGER IF EXISTS trigger_name ON public.table_name;
DROP TABLE IF EXISTS public.table_name;
DROP TYPE IF EXISTS public.type_name;
*/

-- 3. Check that it is gone.
/*
DO $$
BEGIN
    IF to_regclass('public.table_name') IS NOT NULL THEN
        RAISE EXCEPTION 'public.table_name is still there';
    END IF;
END
$$;
*/
"""
