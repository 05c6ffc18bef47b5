"""Reads and checks everything that a consolidation starts from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate import claims, discovery, findings, history, platforms, requirements, statements
from consolidate import config as configuration
from consolidate.depth import Depth
from consolidate.downs import scripts
from consolidate.empty_database import piece
from consolidate.errors import InputProblem
from consolidate.history.reading import sql_of as history_text
from consolidate.model import Finding, SetAside, Severity
from consolidate.phrases import counted
from consolidate.servers import AUTO as AUTO_SERVER
from consolidate.servers import Choice, choose, open_server
from consolidate.waivers import Waived

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from consolidate.config import Config
    from consolidate.downs.scripts import Script
    from consolidate.model import History, Refused, Runner, Statement
    from consolidate.servers.interface import Server

AUTO = "auto"
"""In `quarantine`: whatever does not apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the command line asked for; None and empty mean: not said."""

    folder: Path | None = None
    config: Path | None = None
    no_config: bool = False
    """Whether none is to be looked for."""
    output: Path | None = None
    servers: tuple[str, ...] = ()
    allow_cluster_changes: bool = False
    """Whether the history may make roles on a server that is not ours."""
    order: Path | None = None
    runner: Runner | None = None
    prelude: Path | None = None
    platform: str | None = None
    quarantine: tuple[str, ...] = ()
    """`auto`, or patterns of legacy files to set aside."""
    waive: tuple[str, ...] = ()
    """Names of waivers, besides those of the configuration."""
    drill: Depth = Depth.QUICK
    """How far rollbacks are drilled."""
    try_downs: bool = False
    """Whether a server is asked if the down scripts of the history lead back."""
    command: str = "consolidate run"
    """As it was typed, to say what to type next."""


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

    def without(self, aside: Collection[SetAside]) -> Job:
        """The same job with these files set aside."""
        paths = {one.path for one in aside}
        kept = tuple(m for m in self.history.migrations if m.path not in paths)
        files = tuple(file for file in self.files if not (file and file[0].path in paths))
        return replace(
            self,
            history=replace(self.history, migrations=kept),
            files=files,
            downs=tuple(script for script in self.downs if script.migration not in paths),
            refused=tuple(one for one in self.refused if one.path not in paths),
            needs=requirements.needs(files),
            aside=tuple(sorted({*self.aside, *aside}, key=lambda one: one.path)),
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
    config_path = _config_path(request)
    config = configuration.load(config_path) if config_path else configuration.DEFAULT
    root = config_path.parent if config_path else Path()
    named, legacy, read = _read(request, config, root)
    outside = history.left_outside(named, legacy)
    parsed, unparsed = statements.parse_each(read)
    broken = {one.path for one in unparsed}
    usable = tuple(m for m in read.migrations if m.path not in broken)
    downs = scripts.read(replace(read, migrations=usable))
    platform, why, prelude = _prelude(request, config, root, read)
    needs = requirements.needs(parsed)
    waived = Waived.of((*config.waive, *request.waive))
    chosen = _chosen(request, config, read, needs)
    patterns = (*config.quarantine, *request.quarantine)
    job = Job(
        config=config,
        config_file=(config_path.name, _sha256(config_path)) if config_path else None,
        legacy=legacy,
        output=request.output or root / config.output,
        history=replace(
            read,
            migrations=usable,
            findings=(
                *outside,
                *read.findings,
                *_left_open(read, parsed),
                *scripts.unreadable(downs),
            ),
        ),
        files=parsed,
        downs=downs,
        refused=(*read.refused, *unparsed),
        aside=(),
        sets_aside=AUTO in patterns,
        prelude=prelude,
        platform=platform,
        needs=needs,
        servers=_newest_first(choice.server for choice in chosen),
        waived=waived,
        drill=request.drill,
        tries_downs=request.try_downs,
        command=request.command,
        talk=(
            _told_history(read, legacy if legacy != named else None),
            *_told_bookkeeping(read),
            f"configuration: {_name(config_path)}; platform: {platform}{why}",
            *(f"server: {choice.server.url}, {choice.reason}" for choice in chosen),
            *(f"waived: {name}" for name in waived.names),
        ),
    )
    return job.without(_asked_aside(job, [p for p in patterns if p != AUTO]))


def configured(request: Request) -> tuple[Config, Path]:
    """The configuration that holds, and the folder of its project.

    Raises:
        InputProblem: The configuration can not be used.
    """
    path = _config_path(request)
    return (configuration.load(path), path.parent) if path else (configuration.DEFAULT, Path())


def folders(request: Request) -> tuple[Path, Path]:
    """The legacy folder and the output that are asked for or configured.

    Raises:
        InputProblem: The configuration can not be used.
    """
    config, root = configured(request)
    return request.folder or root / config.legacy.path, request.output or root / config.output


def configured_servers(request: Request) -> tuple[str, ...]:
    """The URLs that are asked for or configured.

    Raises:
        InputProblem: The configuration can not be used.
    """
    return request.servers or configured(request)[0].servers


def _read(request: Request, config: Config, root: Path) -> tuple[Path, Path, History]:
    """The folder that was named, that in which its runner's files are, and what is in that.

    Raises:
        InputProblem: It can not be read, or the configuration names files that are not there.
    """
    named = request.folder or root / config.legacy.path
    order = request.order or (root / config.legacy.order if config.legacy.order else None)
    runner = request.runner or config.legacy.runner
    legacy = named if order or runner else history.home(named)
    read = history.read(
        legacy,
        runner=runner,
        order=order,
        placeholders=dict(config.legacy.placeholders),
        forgiving=True,
    )
    known = {*(m.path for m in read.migrations), *(one.path for one in read.refused)}
    claims.require_files(config, known)
    return named, legacy, read


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
            choice = choose(wanted=wanted, suits=lambda one: requirements.lacking(needs, one))
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


def _left_open(read: History, files: tuple[tuple[Statement, ...], ...]) -> Iterator[Finding]:
    manner = read.manner
    for file in files:
        begun = statements.left_open(file)
        if begun and begun.path not in manner.wrapped and not manner.keeps_session:
            yield Finding(
                code=findings.LEFT_OPEN,
                severity=Severity.WARNING,
                message="the transaction that begins here is never committed: psql takes it back",
                span=begun.span,
                help="Add the COMMIT if it was committed by hand.",
            )


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


def _config_path(request: Request) -> Path | None:
    if request.no_config:
        return None
    return discovery.find(request.config, folder=request.folder)


def _prelude(
    request: Request, config: Config, root: Path, history: History
) -> tuple[str, str, str]:
    """The platform's name, why it was chosen, and its SQL.

    The runner's own table and `--prelude FILE` follow.
    """
    name, why = request.platform or config.platform, ""
    if name is None:
        name, sign = platforms.recognise(m.text for m in history.migrations)
        why = f" ({sign})" if sign else ""
    sql = platforms.prelude(name)
    if history.bookkeeping:
        sql += "\n" + history.bookkeeping
    more = [root / config.prelude] if config.prelude else []
    more += [request.prelude] if request.prelude else []
    for path in more:
        try:
            sql += piece(path.as_posix(), history_text(path))
        except InputProblem as problem:
            raise InputProblem(
                f"The prelude {path} can not be read.",
                problems=problem.problems,
                hint="It is applied as psql applies a file.",
            ) from problem
    return name, why, sql


def _name(path: Path | None) -> str:
    return path.as_posix() if path else "none"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
