"""Writes the README of each folder of the output and the template of a rollback, from the plan."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from consolidate import rollback_readme, seedreadme
from consolidate.guard import on_supabase
from consolidate.markdown import cell, code, table
from consolidate.phrases import counted
from consolidate.plan import Folder
from consolidate.provenance import Provenance, sources
from consolidate.render import title
from consolidate.templates import Blank, Kind, builtin, fill

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.config import Seed
    from consolidate.plan import Plan, PlannedFile
    from consolidate.truth import Truth


def build(
    plan: Plan,
    truth: Truth,
    new: Sequence[tuple[str, str]] = (),
    asked: Sequence[Seed] = (),
    rollbacks: Mapping[str, str] = MappingProxyType({}),
) -> Mapping[str, str]:
    """The texts by path; no seed, no `seed/README.md`.

    Args:
        plan: What is written.
        truth: What it is written from.
        new: Path and title of each migration that follows the baseline.
        asked: What the mapping says of the seeds.
        rollbacks: The texts of the rollbacks, by path.
    """
    migrations = [file for file in plan.files if file.slot.folder is Folder.MIGRATIONS]
    seeds = [file for file in plan.files if file.slot.folder is Folder.SEED]
    readmes = {
        "migrations/README.md": _migrations(migrations, truth, new),
        "rollback/README.md": rollback_readme.build(
            [*(file.path for file in plan.files), *(path for path, _ in new)],
            rollbacks,
            truth.final.rows,
        ),
        "rollback/rollback_template.sql": _template(),
    }
    if seeds:
        readmes["seed/README.md"] = seedreadme.build(seeds, plan, truth, asked)
    return readmes


# -- migrations -------------------------------------------------------------------------------


def _migrations(files: Sequence[PlannedFile], truth: Truth, new: Sequence[tuple[str, str]]) -> str:
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
    return _MIGRATIONS.format(
        files=counted(len(files), "file"),
        legacy=counted(len(truth.files), "legacy migration"),
        table=table(("File", "What", "Legacy files"), rows),
        apart=_APART.format(files="\n".join(f"- {code(file.path)}" for file in apart))
        if apart
        else "",
        new=_NEW.format(
            table=table(
                ("File", "What"),
                [(code(path.removeprefix("migrations/")), cell(title)) for path, title in new],
            )
        )
        if new
        else "",
        supabase=_ON_SUPABASE if on_supabase(truth) else "",
    )


def tail(through: str, paths: Sequence[str]) -> str:
    """The part of `migrations/README.md` about legacy migrations that are not consolidated.

    Args:
        through: The last one that is.
        paths: Those behind it, in apply order; there may be none.
    """
    if not paths:
        return ""
    files = "\n".join(f"- {code(path)}" for path in paths)
    return _TAIL.format(through=code(through), files=files)


def _is_apart(file: PlannedFile) -> bool:
    return any(step.unit.outside_transaction for step in file.steps)


_TAIL = """
## The tail

The history is consolidated up to {through}. What follows stays as it is, in `tail/`. Its runner
applies these when all files above are applied, in this order; the seeds come last:

{files}

Nothing in `rollback/` takes them back: their own ways back come first.
"""

_MIGRATIONS = """\
# Migrations

{files} that build what {legacy} built. They are applied in the order of their paths:

{table}
{new}
Every file names its rollback and the legacy lines that it comes from. `manifest.json` tells the
same for every object.

## Names

`<phase>/YYYYMMDD_HHMMSS_what_it_does.sql`, in lower case. A phase is a folder that begins with its
number. The version rises from file to file, over all phases, and never changes once it is applied.

## Applying them

### Development

To an empty database, from the folder above this one:

```sh
find migrations -name '*.sql' | LC_ALL=C sort | while read -r file; do
    psql -X -1 -v ON_ERROR_STOP=1 -f "$file" || exit 1
done
```

`-1` puts each file into a transaction of its own, so no file holds BEGIN or COMMIT. The first file
raises if the database already holds what these migrations make.
{apart}
### Production

Where the legacy migrations ran, there is nothing to apply: record the new files as applied.
{supabase}
## Adding one

1. `consolidate new add_rooms_table` writes a migration and its rollback from the templates, with
   the next free version, in the last phase.
2. Write both, and the check at the end of the migration.
3. `consolidate verify` applies it to this history, takes it back, and compares what is there before
   and after.
4. Try it in staging, with the testing checklist.
5. Say in its notes what it breaks for those who use the database.

What is listed above is not edited: `consolidate run` writes it anew.

## Taking one back

`../rollback/README.md` has the procedure.
"""

_NEW = """
These follow. They are new: no legacy migration is behind them.

{table}
"""

_ON_SUPABASE = """\

The Supabase CLI wants one flat folder of files with 14-digit versions, and runs no rollbacks:

```sh
consolidate export --runner supabase --to export  # writes export/supabase, the CLI's layout
consolidate cutover > cutover.sql                 # to run once on each database that exists
supabase db reset                                 # development: builds anew, loads the seeds
supabase db push --linked                         # production: applies what is new
```
"""

_APART = """
Apply these without `-1`; each holds a statement that PostgreSQL refuses inside a transaction:

{files}
"""


def _template() -> str:
    """The template of a rollback as it is before anything is known of its migration."""
    return fill(
        builtin(Kind.ROLLBACK),
        Blank(
            path="migrations/PHASE/VERSION_NAME.sql",
            rollback="rollback/PHASE/VERSION_NAME_rollback.sql",
            phase="PHASE",
            version="VERSION",
            name="NAME",
            title="NAME",
            date="DATE",
            author="AUTHOR",
            after="MIGRATION",
        ),
    )
