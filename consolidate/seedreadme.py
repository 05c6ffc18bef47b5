"""Writes `seed/README.md`: what each file holds, and how to load all of them or some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import layout, tally
from consolidate.guard import on_supabase
from consolidate.markdown import cell, code, table
from consolidate.render import title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.config import Seed
    from consolidate.plan import Plan, PlannedFile
    from consolidate.truth import Truth


def build(files: Sequence[PlannedFile], plan: Plan, truth: Truth, asked: Sequence[Seed]) -> str:
    """The page.

    Args:
        files: The seeds of the plan, in apply order; at least one.
        plan: All that is written.
        truth: What it is written from.
        asked: What the mapping says of the seeds.
    """
    by_stem = {seed.file: seed for seed in asked}
    known = [(file, by_stem.get(file.slot.stem)) for file in files]
    rows = [_row(file, seed, truth) for file, seed in known]
    empty = tally.empty_without_seeds(plan, truth)
    return _PAGE.format(
        table=table(("File", "What", "Tag", "Tables", "Rows"), rows),
        tagged=_tagged(known),
        again=_again([file for file, seed in known if seed and seed.on_conflict]),
        supabase=_ON_SUPABASE.format(paths=layout.seed_paths(file.path for file in files))
        if on_supabase(truth)
        else "",
        empty="\n".join(f"- {code(table.identity)}" for table in empty)
        or "None: every table that has rows has some from the migrations alone.",
    )


def _row(file: PlannedFile, seed: Seed | None, truth: Truth) -> tuple[str, ...]:
    counts = tally.rows(file.steps, truth)
    return (
        code(file.path.removeprefix("seed/")),
        cell(title(file.slot)),
        code(seed.tag) if seed and seed.tag else "-",
        ", ".join(code(table.identity) for table in counts) or "-",
        str(sum(counts.values())),
    )


def _tagged(known: Sequence[tuple[PlannedFile, Seed | None]]) -> str:
    """How to load the files of one tag, for each tag that there is."""
    by_tag: dict[str, list[str]] = {}
    for file, seed in known:
        if seed and seed.tag:
            by_tag.setdefault(seed.tag, []).append(file.path)
    if not by_tag:
        return ""
    commands = "\n".join(
        f"# {' '.join(tag.split())}\n"
        + "\n".join(f"psql -X -1 -v ON_ERROR_STOP=1 -f {path}" for path in paths)
        for tag, paths in by_tag.items()
    )
    return _BY_TAG.format(commands=commands)


def _again(files: Sequence[PlannedFile]) -> str:
    """Which files can be loaded again, of those that are meant to be."""
    able = "\n".join(f"- {code(file.path)}" for file in files if not file.once)
    unable = "\n".join(
        f"- {code(file.path)}\n" + "\n".join(f"    - {cell(why)}" for why in file.once)
        for file in files
        if file.once
    )
    told = _LOADED_AGAIN.format(files=able) if able else ""
    return told + (_LOADED_ONCE.format(files=unable) if unable else "")


_PAGE = """\
# Seeds

Rows that are not part of the migrations, and that no migration needs:

{table}

## Loading them

After all migrations, in the order of their names; leave out what a database shall not have:

```sh
find seed -name '*.sql' | LC_ALL=C sort | while read -r file; do
    psql -X -1 -v ON_ERROR_STOP=1 -f "$file" || exit 1
done
```
{tagged}{again}{supabase}
## Empty without them

{empty}
"""

_BY_TAG = """
By tag, where a file may point at rows of those before it:

```sh
{commands}
```
"""

_LOADED_AGAIN = """
These can be loaded again; rows that are there already are passed over, and kept as they are:

{files}
"""

_LOADED_ONCE = """
These are to be loaded once only, since loading them again fails or does more than the first time:

{files}
"""

_ON_SUPABASE = """
`supabase db push` loads none of them (but for `--include-seed`). `supabase db reset` loads them all
in this order, once `consolidate export --runner supabase` has put them into `supabase/seeds` and
`supabase/config.toml` says:

```toml
{paths}```
"""
