"""Sqitch's conventions: `sqitch.plan` names the changes in order, `deploy/<change>.sql` holds each.

They are those of `lib/App/Sqitch/Plan.pm` and `Plan/Change.pm`: a change that is reworked stands in
the plan twice, and the file of the earlier one is `<change>@<tag>.sql`, by a tag between the two.
Each file goes through a psql of its own, which leaves transactions to the file.
"""

from __future__ import annotations

import configparser
import re
from typing import TYPE_CHECKING, NamedTuple

from consolidate import findings
from consolidate.history import plain
from consolidate.history.convention import Convention
from consolidate.history.sources import Listing, Source, place, relative, stop
from consolidate.model import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PLAN = "sqitch.plan"
_CHANGE = re.compile(
    r"\s*(?P<name>[^\s@#%\[!][^\s@#\[]*)\s*(?:\[(?P<needs>[^\]]*)\]\s*)?"
    r"(?P<stamp>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\s+\S.*"
)
_TAG = re.compile(r"\s*@(?P<name>[^\s@#]+)\s+\d{4}-\d\d-\d\dT\S+\s+\S.*")


class _Change(NamedTuple):
    line: int
    name: str
    tags: list[str]
    """The tags that stand behind it and before the next change of its name."""


def recognises(folder: Path) -> str:
    """By the plan, in the folder or beside it."""
    return f"it has Sqitch's {_PLAN}" if _home(folder) is not None else ""


def listing(folder: Path) -> Listing:
    """The deploy files of all changes, in the order of the plan."""
    home = _home(folder) or folder
    stops: list[Finding] = []
    try:
        changes = _changes((home / _PLAN).read_text("utf-8"), stops)
    except (OSError, UnicodeDecodeError) as error:
        return Listing((), (), (stop(_PLAN, f"can not be read: {error}"),))
    deploy = _deploy_folder(home)
    last = {change.name: change.line for change in changes}
    sources: list[Source] = []
    for change in changes:
        file = _file(deploy, change, reworked=last[change.name] != change.line)
        if not file.is_file():
            stops.append(stop(_PLAN, f"there is no {_told(file, home)}", change.line))
        elif not file.is_relative_to(folder):
            said = f"{_told(file, home)} is not in {folder.name}; name the folder that holds"
            stops.append(stop(_PLAN, f"{said} {_PLAN}", change.line))
        else:
            down = deploy.parent / "revert" / file.relative_to(deploy)
            known = down if down.is_file() and down.is_relative_to(folder) else None
            path = relative(folder, file)
            sources.append(Source(path, file, f"{len(sources) + 1}", down=known))
    return Listing(tuple(sources), tuple(_not_planned(folder, deploy, sources)), tuple(stops))


def _home(folder: Path) -> Path | None:
    """The folder of the plan: this one, or the one that holds this `deploy`."""
    if (folder / _PLAN).is_file():
        return folder
    above = folder.resolve().parent
    if folder.resolve().name == "deploy" and (above / _PLAN).is_file():
        return folder.parent if folder.name == "deploy" else above
    return None


def _deploy_folder(home: Path) -> Path:
    config = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
    file = home / "sqitch.conf"
    try:
        config.read_string(re.sub(r"(?m)^\s+", "", file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return home / "deploy"
    top = config.get("core", "top_dir", fallback=".").strip()
    named = config.get("core", "deploy_dir", fallback="").strip()
    return home / named if named else home / top / "deploy"


def _changes(plan: str, stops: list[Finding]) -> list[_Change]:
    changes: list[_Change] = []
    for number, line in enumerate(plan.split("\n"), 1):
        said = line.strip()
        if not said or said.startswith(("%", "#")):
            continue
        if tag := _TAG.fullmatch(line.rstrip()):
            for change in changes:
                change.tags.append(tag["name"])
        elif match := _CHANGE.fullmatch(line.rstrip()):
            again = [change for change in changes if change.name == match["name"]]
            for change in again:
                change.tags.append("")  # later tags are not its own
            changes.append(_Change(number, match["name"], []))
        else:
            column = len(line) - len(line.lstrip()) + 1
            stops.append(stop(_PLAN, "neither a change, a tag nor a pragma", number, column))
    return changes


def _file(deploy: Path, change: _Change, *, reworked: bool) -> Path:
    if not reworked:
        return deploy / f"{change.name}.sql"
    between = reversed(change.tags[: change.tags.index("")])  # Sqitch looks at the latest first
    candidates = [deploy / f"{change.name}@{tag}.sql" for tag in between]
    fallback = candidates[0] if candidates else deploy / f"{change.name}.sql"
    return next((file for file in candidates if file.is_file()), fallback)


def _told(file: Path, home: Path) -> str:
    return file.relative_to(home).as_posix() if file.is_relative_to(home) else file.name


def _not_planned(folder: Path, deploy: Path, sources: list[Source]) -> Iterator[Finding]:
    known = {source.file for source in sources}
    for file in plain.files(deploy) if deploy.is_dir() else ():
        if file not in known and file.is_relative_to(folder):
            yield Finding(
                code=findings.NAME_NOT_READ,
                severity=Severity.WARNING,
                message=f"{relative(folder, file)} is not read: {_PLAN} does not name it",
                span=place(relative(folder, file)),
                help="Name it in an order file if it was applied all the same.",
            )


CONVENTION = Convention(recognises=recognises, listing=listing, transactional=False)
