"""What was asked for, and all of it that can be read without a server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate import claims, discovery, history, platforms, statements
from consolidate import config as configuration
from consolidate.depth import Depth
from consolidate.empty_database import piece
from consolidate.errors import InputProblem
from consolidate.history.reading import sql_of as history_text

if TYPE_CHECKING:
    from consolidate.config import Config
    from consolidate.model import History, Refused, Runner, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the command line asked for; None and empty mean: not said."""

    folder: Path | None = None
    config: Path | None = None
    no_config: bool = False
    """Whether none is to be looked for."""
    output: Path | None = None
    through: str | None = None
    """The last migration that is consolidated."""
    regroup: bool = False
    """Whether the output that is there does not say where things go."""
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
class Reading:
    """What a request speaks of, as it was read: nothing of it comes from a server."""

    config: Config
    config_path: Path | None
    root: Path
    """The folder of the project: paths in the configuration begin there."""
    named: Path
    """The folder that was asked for."""
    legacy: Path
    """The folder that holds its runner's files: `named`, or one below it."""
    history: History
    """All that can be read, whether it can be parsed or not."""
    files: tuple[tuple[Statement, ...], ...]
    """Of those migrations that can be parsed."""
    unparsed: tuple[Refused, ...]
    platform: str
    why: str
    """What tells the platform, in brackets; empty where it was said."""
    brings: tuple[tuple[str, str], ...]
    """What the empty database holds as SQL, each part behind what it is that brings it."""

    @property
    def prelude(self) -> str:
        """All of that as one text."""
        return "".join(sql for _, sql in self.brings)


def read(request: Request) -> Reading:
    """Reads configuration, history and platform.

    Files that can not be read or parsed do not stop it.

    Raises:
        UsageProblem: An unknown platform.
        InputProblem: The configuration or the history can not be used; all problems at once.
    """
    path = _config_path(request)
    config = configuration.load(path) if path else configuration.DEFAULT
    root = path.parent if path else Path()
    named, legacy, found = _read(request, config, root)
    parsed, unparsed = statements.parse_each(found)
    platform, why, brings = _brings(request, config, root, found)
    return Reading(
        config=config,
        config_path=path,
        root=root,
        named=named,
        legacy=legacy,
        history=found,
        files=parsed,
        unparsed=unparsed,
        platform=platform,
        why=why,
        brings=brings,
    )


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
    found = None if order or runner else history.located(named)
    read = history.read(
        found or named,
        runner=runner,
        order=order,
        placeholders=dict(config.legacy.placeholders),
        forgiving=True,
    )
    known = {*(m.path for m in read.migrations), *(one.path for one in read.refused)}
    claims.require_files(config, known)
    return named, found.folder if found else named, read


def _config_path(request: Request) -> Path | None:
    if request.no_config:
        return None
    return discovery.find(request.config, folder=request.folder)


def _brings(
    request: Request, config: Config, root: Path, history: History
) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """The platform's name, why it was chosen, and its SQL.

    The runner's own table and `--prelude FILE` follow.
    """
    name, why = request.platform or config.platform, ""
    if name is None:
        name, sign = platforms.recognise(m.text for m in history.migrations)
        why = f" ({sign})" if sign else ""
    brings = [(f"the platform {name}", platforms.prelude(name))]
    if history.bookkeeping:
        brings.append((f"the runner {history.runner}", f"\n{history.bookkeeping}"))
    more = [root / config.prelude] if config.prelude else []
    more += [request.prelude] if request.prelude else []
    for path in more:
        try:
            brings.append((path.as_posix(), piece(path.as_posix(), history_text(path))))
        except InputProblem as problem:
            raise InputProblem(
                f"The prelude {path} can not be read.",
                problems=problem.problems,
                hint="It is applied as psql applies a file.",
            ) from problem
    return name, why, tuple(brings)
