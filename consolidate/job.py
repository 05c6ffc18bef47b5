"""Reads and checks everything that a consolidation starts from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from consolidate import history, requirements, statements
from consolidate import request as asked
from consolidate.downs import scripts
from consolidate.errors import InputProblem
from consolidate.model import SetAside
from consolidate.phrases import counted
from consolidate.servers import AUTO as AUTO_SERVER
from consolidate.servers import Choice, choose, open_server
from consolidate.waivers import Waived

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from consolidate.config import Config
    from consolidate.depth import Depth
    from consolidate.downs.scripts import Script
    from consolidate.model import History, Manner, Migration, Refused, Statement
    from consolidate.request import Request
    from consolidate.servers.interface import Server

AUTO = "auto"
"""In `quarantine`: whatever does not apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Everything that a consolidation starts from, read and checked."""

    config: Config
    config_file: tuple[str, str] | None
    """Name and SHA-256 of the configuration, if there is one."""
    legacy: Path
    output: Path
    history: History
    """Without what is set aside or can not be parsed."""
    files: tuple[tuple[Statement, ...], ...]
    downs: tuple[Script, ...]
    """What takes these migrations back, where their authors wrote it."""
    refused: tuple[Refused, ...]
    """What can not be read or parsed, and is not set aside yet."""
    aside: tuple[SetAside, ...]
    sets_aside: bool
    """Whether whatever does not apply is to be set aside."""
    prelude: str
    platform: str
    needs: tuple[requirements.Need, ...]
    """What not every server has."""
    servers: tuple[Server, ...]
    """Newest major first; the first one renders."""
    waived: Waived
    """What the proof is not held to."""
    drill: Depth
    """How far rollbacks are drilled."""
    tries_downs: bool
    """Whether a server is asked if the down scripts lead back."""
    command: str
    talk: tuple[str, ...]
    """What was chosen, and why, a line each."""
    tail: tuple[Migration, ...] = ()
    """The migrations behind those of the history, which stay as they are."""
    tail_files: tuple[tuple[Statement, ...], ...] = ()

    @property
    def line(self) -> str:
        """The last migration that is consolidated; empty if there is none."""
        return self.history.migrations[-1].path if self.history.migrations else ""

    @property
    def through(self) -> str:
        """The same where a tail follows; else empty."""
        return self.line if self.tail else ""

    @property
    def manner(self) -> Manner:
        """How the runner applies the whole history, the tail included."""
        migrations = (*self.history.migrations, *self.tail)
        return replace(self.history, migrations=migrations).manner

    def without(self, aside: Collection[SetAside]) -> Job:
        """The same job with these files set aside."""
        left = self.without_paths({one.path for one in aside})
        together = sorted({*self.aside, *aside}, key=lambda one: one.path)
        return replace(left, aside=tuple(together))

    def without_paths(self, paths: Collection[str]) -> Job:
        """The same job as if these migrations were not there."""
        kept = tuple(m for m in self.history.migrations if m.path not in paths)
        files = tuple(file for file in self.files if not (file and file[0].path in paths))
        return replace(
            self,
            history=replace(self.history, migrations=kept),
            files=files,
            downs=tuple(script for script in self.downs if script.migration not in paths),
            refused=tuple(one for one in self.refused if one.path not in paths),
            needs=requirements.needs((*files, *self.tail_files)),
        )

    def set_aside(self, path: str, reason: str) -> SetAside:
        """One legacy file as it is kept apart, byte for byte.

        Raises:
            InputProblem: It can not be read.
        """
        try:
            data = (self.legacy / path).read_bytes()
        except OSError as error:
            raise InputProblem(
                f"{path} can not be set aside: it can not be read: {error.strerror}",
                hint="Remove it, or name the files to read in an order file.",
            ) from error
        return SetAside(
            path=path,
            reason=reason,
            sha256=hashlib.sha256(data).hexdigest(),
            text=data.decode(errors="surrogateescape"),
        )


def prepare(request: Request) -> Job:
    """Reads configuration, history and platform, and opens the servers.

    Files that can not be read or parsed do not stop it: they are `refused`.

    Raises:
        UsageProblem: An unknown server, platform or waiver.
        InputProblem: The configuration or the history can not be used; all problems at once.
    """
    got = asked.read(request)
    history.require_applicable(got.legacy, got.history)
    read, config = got.history, got.config
    outside = history.left_outside(got.named, got.legacy)
    broken = {one.path for one in got.unparsed}
    usable = tuple(m for m in read.migrations if m.path not in broken)
    downs = scripts.read(replace(read, migrations=usable))
    needs = requirements.needs(got.files)
    waived = Waived.of((*config.waive, *request.waive))
    chosen = _chosen(request, config, read, needs)
    patterns = (*config.quarantine, *request.quarantine)
    job = Job(
        config=config,
        config_file=_file(got.config_path),
        legacy=got.legacy,
        output=request.output or got.root / config.output,
        history=replace(
            read,
            migrations=usable,
            findings=(
                *outside,
                *read.findings,
                *statements.never_committed(read, got.files),
                *scripts.unreadable(downs),
            ),
        ),
        files=got.files,
        downs=downs,
        refused=(*read.refused, *got.unparsed),
        aside=(),
        sets_aside=AUTO in patterns,
        prelude=got.prelude,
        platform=got.platform,
        needs=needs,
        servers=_newest_first(choice.server for choice in chosen),
        waived=waived,
        drill=request.drill,
        tries_downs=request.try_downs,
        command=request.command,
        talk=(
            _told_history(read, got.legacy if got.legacy != got.named else None),
            *_told_bookkeeping(read),
            f"configuration: {_name(got.config_path)}; platform: {got.platform}{got.why}",
            *(f"server: {choice.server.url}, {choice.reason}" for choice in chosen),
            *(f"waived: {name}" for name in waived.names),
        ),
    )
    return job.without(_asked_aside(job, [p for p in patterns if p != AUTO]))


def _chosen(
    request: Request, config: Config, read: History, needs: Sequence[requirements.Need]
) -> list[Choice]:
    """The servers to prove on, each once.

    Raises:
        UsageProblem: There is no such kind of server.
    """
    wanted = read.server_major
    found: dict[str, Choice] = {}
    for url in request.servers or config.servers:
        if url == AUTO_SERVER:
            choice = choose(wanted=wanted, lacks=lambda one: requirements.lacking(needs, one))
        else:
            server = open_server(url, allow_cluster_changes=request.allow_cluster_changes)
            other = wanted is not None and server.major != wanted
            beside = f", and the project runs on PostgreSQL {wanted}" if other else ""
            choice = Choice(server, f"it was asked for{beside}")
        found.setdefault(choice.server.url, choice)
    return list(found.values())


def _newest_first(servers: Iterable[Server]) -> tuple[Server, ...]:
    """In the order of their majors, those of others last among equals: they may do less."""
    return tuple(sorted(servers, key=lambda server: (-server.major, server.guest)))


def _asked_aside(job: Job, patterns: list[str]) -> list[SetAside]:
    """The files that patterns name.

    Raises:
        InputProblem: A pattern names none.
    """
    paths = [m.path for m in job.history.migrations] + [one.path for one in job.refused]
    idle = [p for p in patterns if not any(fnmatchcase(path, p) for path in paths)]
    if idle:
        raise InputProblem(
            f"quarantine names no legacy file: {', '.join(idle)}",
            hint="A pattern is a path below the legacy folder, with * and ?; `auto` sets aside"
            " whatever does not apply.",
        )
    named = sorted(path for path in paths if any(fnmatchcase(path, p) for p in patterns))
    return [job.set_aside(path, "asked for") for path in named]


def _told_history(history: History, below: Path | None) -> str:
    files = counted(len(history.migrations) + len(history.refused), "file")
    where = f" in {below.as_posix()}" if below else ""
    sign = f" ({history.recognised})" if history.recognised else ""
    return f"history: {files}{where}, runner {history.runner}{sign}"


def _told_bookkeeping(history: History) -> tuple[str, ...]:
    own = f"assumed to be there: the table in which {history.runner} records what it applied"
    return (own,) if history.bookkeeping else ()


def _name(path: Path | None) -> str:
    return path.as_posix() if path else "none"


def _file(path: Path | None) -> tuple[str, str] | None:
    """Name and SHA-256 of a file, if there is one."""
    return (path.name, hashlib.sha256(path.read_bytes()).hexdigest()) if path else None
