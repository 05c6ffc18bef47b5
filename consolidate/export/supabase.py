"""The layout of a Supabase project: flat migrations with versions of 14 digits, seeds, rollbacks.

The rules are those of the Supabase CLI (github.com/supabase/cli, `pkg/migration`):

- `list.go`: only files directly in `supabase/migrations` count, in byte order of their names, and
  only if they are called `<digits>_<name>.sql`; the digits are the version. So
  `20250101_120000_x.sql` would have the version `20250101`, as every other file of that day.
- `apply.go`, `file.go`: a file is cut at its semicolons and sent as one batch, which is one
  transaction, together with the row for the history table. Nothing opts out of the transaction,
  and there is no way to send the rows of a `COPY … FROM stdin`.
- `history.go`: the row has the version, the name and the statements, each without its semicolon
  and the blanks around it. `migration fetch` writes files from these statements.
- Rollbacks are unknown to it. Seeds are the files of `[db.seed] sql_paths` in `config.toml`, in
  the order in which they stand there.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from consolidate import layout, manifest, statements
from consolidate.errors import InputProblem
from consolidate.export.exported import Exported, Recorded
from consolidate.history.supabase import why_not_read
from consolidate.model import Migration
from consolidate.replay import runs_outside_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.model import Statement

_OURS = re.compile(r"(\d{8})_(\d{6})_(.+)\.sql")
_TAIL_NAMES = (
    "The files of the tail keep the names that they have in the legacy folder, which this CLI does"
    " not take. `consolidate run` without --through takes them up; or rename them there, if no"
    " database has applied them."
)
_RENAME = "Give the group another `version:` or `name:` in mappings.yaml, and run again."


def export(tree: Mapping[str, str]) -> Exported:
    """An output as a Supabase project holds it; every file keeps its bytes.

    Rollbacks and seeds keep their paths below `supabase/`, so that what the files say of each
    other stays true.

    Args:
        tree: The output's files by their paths.

    Raises:
        InputProblem: Two versions are the same or do not rise in apply order, or the CLI would
            not read a file under its name.
    """
    applied = sorted(_below(tree, "migrations/"), key=str.encode)
    applied += sorted(_below(tree, layout.TAIL), key=str.encode)
    names = [_flat(path) for path in applied]
    _require_rising(applied, names)
    origins = {
        f"supabase/migrations/{name}": path for name, path in zip(names, applied, strict=True)
    }
    seeds = sorted(_below(tree, "seed/"), key=str.encode)
    origins |= {f"supabase/{layout.supabase_seed(path)}": path for path in seeds}
    origins |= {f"supabase/{path}": path for path in sorted(tree) if path.startswith("rollback/")}
    parsed = [_parsed(path, tree[path], number) for number, path in enumerate(applied, 1)]
    return Exported(
        runner="supabase",
        files={path: tree[origin] for path, origin in origins.items()},
        origins=origins,
        migrations=tuple(map(_recorded, names, parsed)),
        warnings=tuple(
            warning
            for path, file in zip(applied, parsed, strict=True)
            for warning in _not_applicable(path, file)
        ),
        advice=layout.seed_paths(seeds),
    )


def _below(tree: Mapping[str, str], folder: str) -> Iterator[str]:
    return (path for path in tree if path.startswith(folder) and path.endswith(".sql"))


def _flat(path: str) -> str:
    """A file's name with one version of 14 digits; what is in the tail has one already.

    Raises:
        InputProblem: It has no date and time in front.
    """
    if path.startswith(layout.TAIL):
        return path.removeprefix(layout.TAIL)
    match = _OURS.fullmatch(path.rpartition("/")[2])
    if not match:
        raise InputProblem(
            f"{path} can not be exported: its name does not begin with YYYYMMDD_HHMMSS_",
            hint=_RENAME,
        )
    return f"{match[1]}{match[2]}_{match[3]}.sql"


def _require_rising(paths: Sequence[str], names: Sequence[str]) -> None:
    """Whether the CLI reads all of these files, each by a version of its own, in this order.

    Raises:
        InputProblem: It does not.
    """
    problems = [
        f"{path}: {finding.message}"
        for number, (path, name) in enumerate(zip(paths, names, strict=True))
        if (finding := why_not_read(name, is_folder=False, is_first=number == 0))
    ]
    for (path, name), (later, other) in pairwise(zip(paths, names, strict=True)):
        one, two = name.partition("_")[0], other.partition("_")[0]
        if one == two:
            problems.append(f"{path} and {later} have the same version {one}")
        elif one > two:
            problems.append(f"{later} is applied after {path}, but {two} is before {one}")
    if problems:
        raise InputProblem(
            "The Supabase CLI would not apply these files, each once and in this order.",
            problems=tuple(problems),
            hint=_TAIL_NAMES if any(_among_tail(problem) for problem in problems) else _RENAME,
        )


def _among_tail(problem: str) -> bool:
    """Whether it is about a file of the tail alone, or beside another one of it."""
    return problem.startswith(layout.TAIL) and "migrations/" not in problem


def _parsed(path: str, text: str, number: int) -> tuple[Statement, ...]:
    return statements.parse(
        Migration(number=number, path=path, version="", text=text, sha256=manifest.digest(text))
    )


def _recorded(name: str, file: Sequence[Statement]) -> Recorded:
    version, _, rest = name.removesuffix(".sql").partition("_")
    texts = (statement.text.rstrip(";").strip() for statement in file)
    return Recorded(version=version, name=rest, statements=tuple(text for text in texts if text))


def _not_applicable(path: str, file: Sequence[Statement]) -> Iterator[str]:
    for statement in file:
        if statement.kind and runs_outside_transaction(statement):
            yield (
                f"{path}:{statement.span.line}: can not run in a transaction, and the Supabase CLI"
                " always opens one: apply this file by psql where the database is new"
            )
        if statement.copy_data is not None:
            yield (
                f"{path}:{statement.span.line}: COPY from rows in the file, which the Supabase CLI"
                " can not send: apply this file by psql where the database is new"
            )
