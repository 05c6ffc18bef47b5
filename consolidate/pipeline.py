"""One consolidation from its inputs to a tree of files, and the proof of such a tree."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate import config as configuration
from consolidate import (
    files,
    history,
    manifest,
    platforms,
    prove,
    readmes,
    render,
    rollback,
    statements,
    trial,
)
from consolidate import truth as truths
from consolidate.errors import InputProblem, UsageProblem
from consolidate.model import Check, CheckStatus
from consolidate.phrases import counted
from consolidate.servers import choose, open_server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from consolidate.config import Config
    from consolidate.model import History, Runner
    from consolidate.plan import Plan
    from consolidate.servers.interface import Server
    from consolidate.truth import Files, Truth
    from consolidate.verdict import Verdict

MANIFEST = manifest.PATH
DEFAULT_CONFIG = "mappings.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the command line asked for; None and empty mean: not said."""

    folder: Path | None = None
    config: Path | None = None
    output: Path | None = None
    servers: tuple[str, ...] = ()
    order: Path | None = None
    runner: Runner | None = None
    prelude: Path | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Everything that a consolidation starts from, read and checked."""

    config: Config
    config_file: tuple[str, str] | None
    """Name and SHA-256 of the configuration, if there is one."""
    legacy: Path
    output: Path
    history: History
    files: Files
    prelude: str
    platform: str
    servers: tuple[Server, ...]
    """Newest major first; the first one renders."""
    talk: tuple[str, ...]
    """What was chosen, and why, a line each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolidated:
    """The plan and the files that come of it."""

    truth: Truth
    plan: Plan
    tree: Mapping[str, str]
    unsettled: tuple[str, ...]


def prepare(request: Request) -> Job:
    """Reads configuration, history and platform, and opens the servers.

    Raises:
        UsageProblem: An unknown server or platform.
        InputProblem: The configuration or the history can not be used; all problems at once.
    """
    config_path = _config_path(request)
    config = configuration.load(config_path) if config_path else configuration.DEFAULT
    if config.quarantine:
        raise InputProblem(
            f"quarantine can not be honoured yet: {', '.join(config.quarantine)}",
            hint="Leave it empty, and leave the files out with `legacy: {path: …, order: FILE}`.",
        )
    root = config_path.parent if config_path else Path()
    legacy = request.folder or root / config.legacy.path
    order = request.order or (root / config.legacy.order if config.legacy.order else None)
    read = history.read(
        legacy,
        runner=request.runner or config.legacy.runner,
        order=order,
        placeholders=dict(config.legacy.placeholders),
    )
    platform, prelude = _prelude(request, config, root, read)
    chosen = [choose(url) for url in request.servers or config.servers or ("auto",)]
    servers = [open_server(choice.url) for choice in chosen]
    return Job(
        config=config,
        config_file=(config_path.name, _sha256(config_path)) if config_path else None,
        legacy=legacy,
        output=request.output or root / config.output,
        history=read,
        files=statements.parse_all(read),
        prelude=prelude,
        platform=platform,
        servers=tuple(sorted(servers, key=lambda server: server.url, reverse=True)),
        talk=(
            _told_history(read),
            *_told_bookkeeping(read),
            f"configuration: {config_path.name if config_path else 'none'}; platform: {platform}",
            *(f"server: {choice.url}, {choice.reason}" for choice in chosen),
        ),
    )


def _told_history(history: History) -> str:
    files = counted(len(history.migrations), "file")
    sign = f" ({history.recognised})" if history.recognised else ""
    return f"history: {files}, runner {history.runner}{sign}"


def _told_bookkeeping(history: History) -> tuple[str, ...]:
    own = f"assumed to be there: the table in which {history.runner} records what it applied"
    return (own,) if history.bookkeeping else ()


def _config_path(request: Request) -> Path | None:
    """The configuration asked for, or `mappings.yaml` here if it speaks of the same folder."""
    if request.config is not None:
        if not request.config.is_file():
            raise InputProblem(f"There is no configuration at {request.config}.")
        return request.config
    found = Path(DEFAULT_CONFIG)
    if not found.is_file():
        return None
    if request.folder is None:
        return found
    named = configuration.load(found).legacy.path
    return found if Path(named).resolve() == request.folder.resolve() else None


def _prelude(request: Request, config: Config, root: Path, history: History) -> tuple[str, str]:
    """The platform's name and its SQL, with the runner's own table and `--prelude FILE` behind."""
    name = request.platform or config.platform
    sql = platforms.prelude(name)
    if history.bookkeeping:
        sql += "\n" + history.bookkeeping
    more = [root / config.prelude] if config.prelude else []
    more += [request.prelude] if request.prelude else []
    for path in more:
        try:
            sql += "\n" + path.read_text(encoding="utf-8")
        except OSError as error:
            raise InputProblem(f"The prelude {path} can not be read: {error.strerror}.") from None
    return name, sql


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def consolidate(job: Job, server: Server, progress: Callable[[str], None]) -> Consolidated:
    """Replays, words, arranges, renders. Nothing is written and nothing is proven yet."""
    progress(f"replay the legacy history on {server.url}")
    truth = truths.capture(server, job.prelude, job.files, job.history.manner)
    progress("word, arrange and try")
    settled = trial.settle(truth, job.config, server)
    planned = _with_reading(settled.plan, job)
    progress("render")
    tree = dict(render.migrations(planned, truth))
    rollbacks, irreversible = rollback.write(truth, planned, tree, job.config.rollback, server)
    tree |= rollbacks
    tree |= readmes.build(planned, truth)
    tree[MANIFEST] = manifest.build(
        planned,
        truth,
        tree,
        job.history,
        server=server.url,
        major=truth.final.facts.major,
        config=job.config_file,
    )
    return Consolidated(
        truth=truth,
        plan=planned,
        tree=tree,
        unsettled=(*settled.unsettled, *irreversible),
    )


def plan_only(job: Job, progress: Callable[[str], None]) -> tuple[Truth, Plan]:
    """The plan on the newest server, without rendering."""
    server = job.servers[0]
    progress(f"replay the legacy history on {server.url}")
    truth = truths.capture(server, job.prelude, job.files, job.history.manner)
    progress("word, arrange and try")
    return truth, _with_reading(trial.settle(truth, job.config, server).plan, job)


def _with_reading(plan: Plan, job: Job) -> Plan:
    """The plan with what was found when the history was read."""
    return replace(plan, findings=(*job.history.findings, *plan.findings))


def prove_everywhere(
    job: Job,
    tree: Mapping[str, str],
    rendered: Consolidated | None,
    further: Sequence[Check],
    progress: Callable[[str], None],
) -> tuple[Verdict, ...]:
    """One verdict per server; the truth is captured anew on each that did not render."""
    verdicts = []
    for server in job.servers:
        if rendered is not None and server is job.servers[0]:
            truth = rendered.truth
        else:
            progress(f"replay the legacy history on {server.url}")
            truth = truths.capture(server, job.prelude, job.files, job.history.manner)
        told = _on(server, progress)
        verdicts.append(prove.prove(truth, tree, server, further=further, progress=told))
    return tuple(verdicts)


def _on(server: Server, progress: Callable[[str], None]) -> Callable[[str], None]:
    return lambda what: progress(f"{what} on {server.url}")


def reproducible(first: Mapping[str, str], second: Mapping[str, str], major: int) -> Check:
    """Whether two renderings, each from a replay of its own, are the same bytes."""
    changed = sorted(path for path in {*first, *second} if first.get(path) != second.get(path))
    if changed:
        return Check(
            name="reproducible",
            status=CheckStatus.FAILED,
            reason=f"rendered again, these files differ: {', '.join(changed)}",
        )
    return Check(
        name="reproducible",
        status=CheckStatus.PASSED,
        reason=f"{len(first)} files rendered again on {major}, byte for byte the same",
    )


def manifest_check(job: Job, tree: Mapping[str, str]) -> Check:
    """Whether the manifest speaks of these inputs and of these outputs."""
    told = manifest.parse(tree.get(MANIFEST, ""))
    configured = {job.config_file[0]} if job.config_file else set()
    stale = _changed(
        {m.path: m.sha256 for m in job.history.migrations},
        {known.path: known.sha256 for known in told.inputs if known.path not in configured},
    )
    on_disk = {
        path: hashlib.sha256(text.encode()).hexdigest()
        for path, text in tree.items()
        if path != MANIFEST and path not in files.STRANGERS
    }
    edited = _changed(on_disk, {known.path: known.sha256 for known in told.outputs})
    problems = [f"legacy files changed since: {', '.join(stale)}"] if stale else []
    problems += (
        [f"output files are not those in the manifest: {', '.join(edited)}"] if edited else []
    )
    return Check(
        name="manifest",
        status=CheckStatus.FAILED if problems else CheckStatus.PASSED,
        reason="; ".join(problems) or f"{len(on_disk)} files are those that were written",
    )


def ours(tree: Mapping[str, str]) -> dict[str, str]:
    """The files of an output folder less those that may stand beside it."""
    return {path: text for path, text in tree.items() if path not in files.STRANGERS}


def _changed(found: Mapping[str, str], told: Mapping[str, str]) -> list[str]:
    return sorted(path for path in {*found, *told} if found.get(path) != told.get(path))


def rendering_server(job: Job, tree: Mapping[str, str]) -> Server:
    """The server that rendered an output, to render it again."""
    major = manifest.parse(tree.get(MANIFEST, "")).major
    for server in job.servers:
        if server.url.endswith(f"://{major}"):
            return server
    try:
        return open_server(f"embedded://{major}")
    except UsageProblem:
        return job.servers[0]
