"""What `init` does: plans, and writes down the groups of the plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate import atomic, config, discovery, mappings, pipeline, platforms, yamlplaces
from consolidate.cli.commands import YES, ready, working
from consolidate.cli.talk import Talk
from consolidate.drafts import groups as drafts
from consolidate.drafts.document import Head, document, entries, joined_entries
from consolidate.drafts.groups import Additions
from consolidate.drafts.insertion import inserted
from consolidate.drafts.names import naming
from consolidate.errors import InputProblem
from consolidate.phrases import counted, listed
from consolidate.report import console, machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.cli.options import Answer
    from consolidate.pipeline import Job, Request
    from consolidate.plan import Plan
    from consolidate.truth import Truth

SCHEMA = "mappings.schema.json"
_COMMITTED = "schemas/mappings.schema.json"
"""Where this program's own repository has it."""


def init(request: Request, answer: Answer, *, show: bool) -> int:
    """Begins the configuration, or adds to the one that is there.

    Args:
        request: What was asked for.
        answer: How to answer.
        show: Whether to write nothing.

    Raises:
        InputProblem: The history or the configuration can not be used, or does not fit the other.
        EnvironmentProblem: No server can replay the history, or the file can not be written.
    """
    path = Path(discovery.DEFAULT_CONFIG) if request.no_config else discovery.target(request.config)
    there = path.is_file() and not request.no_config
    if path.exists() and not (there or show):
        raise InputProblem(f"{path} is there already.", hint="Leave --no-config out to add to it.")
    comments = _said_by_nobody(path) if there else None
    there = there and comments is None
    if there:
        _require_meant(path, request)
    asked = replace(request, config=path if there else None, no_config=not there)
    job, truth, plan = _planned(asked, path, answer)
    if there:
        if unsaid := ", ".join(_unsaid(request, job, path)):
            Talk(answer).say(f"warning: {path} {_OTHERWISE}: {unsaid}")
        found = drafts.added(truth, plan, job.config)
        parts = (*joined_entries(found.joining), *entries(found.groups, indent="  "))
        text = "\n".join(parts) if show else _extended(path, found)
    else:
        found = Additions(groups=drafts.drafted(truth, plan))
        text = _behind(comments or "", document(_head(asked, job, path), found.groups))
        mappings.parsed(text, path.as_posix())
    written = bool(found.objects or not there) and not show
    if written:
        atomic.write(path, text)
        _write_schema(path, text)
    _tell(path, found, text if show else None, answer, new=not there)
    return YES


def _unsaid(request: Request, job: Job, path: Path) -> Iterator[str]:
    """What was asked for and the configuration does not say, as keys with their values."""
    said = job.config
    if request.through and said.legacy.through not in {request.through, job.line}:
        yield f"legacy.through: {job.line}"
    if request.order and (path.parent / (said.legacy.order or "")) != request.order:
        yield f"legacy.order: {request.order.as_posix()}"
    if request.runner and said.legacy.runner != request.runner:
        yield f"legacy.runner: {request.runner}"
    if request.output and path.parent / said.output != request.output:
        yield f"output: {request.output.as_posix()}"
    if request.platform and said.platform != request.platform:
        yield f"platform: {request.platform}"
    if more := [one for one in request.quarantine if one not in said.quarantine]:
        yield f"quarantine: {', '.join(more)}"


_OTHERWISE = "says otherwise, and only groups are added to it"


def _said_by_nobody(path: Path) -> str | None:
    """The comments of a configuration that holds nothing else; None if it says something."""
    text = mappings.text_of(path)
    return text if yamlplaces.read(text).is_blank else None


def _behind(comments: str, text: str) -> str:
    """A text below comments, with their line ends."""
    line_end = "\r\n" if "\r\n" in comments else "\n"
    above = f"{comments.rstrip()}{line_end}" if comments.strip() else ""
    return above + text.replace("\n", line_end)


def _planned(request: Request, path: Path, answer: Answer) -> tuple[Job, Truth, Plan]:
    with working(request, answer) as (prepared, progress):
        _require_outside(path, prepared.legacy)
        job = ready(prepared, request, answer, progress)
        truth, plan = pipeline.plan_only(job, progress)
    return job, truth, plan


def _require_meant(path: Path, request: Request) -> None:
    """Sees that a configuration speaks of the folder that was named, if one was."""
    meant = path.parent / config.load(path).legacy.path
    if request.folder is not None and meant.resolve() != request.folder.resolve():
        raise InputProblem(
            f"{path} speaks of {meant}, not of {request.folder}: nothing is added to it.",
            hint="Leave the folder out, or name another file with --config.",
        )


def _require_outside(path: Path, legacy: Path) -> None:
    if path.resolve().is_relative_to(legacy.resolve()):
        raise InputProblem(
            f"{path} would be in the legacy folder {legacy}, where nothing is written.",
            hint="Run it in the folder above, or name a file elsewhere with --config.",
        )


def _extended(path: Path, found: Additions) -> str:
    """The text of a configuration with more in it, byte for byte as it was elsewhere."""
    text = path.read_bytes().decode()
    if not found.objects:
        return text
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    longer = inserted(text.removeprefix(mark), found, path.as_posix())
    mappings.parsed(longer, path.as_posix())
    return mark + longer


def _head(request: Request, job: Job, path: Path) -> Head:
    """What was chosen for the history, as the file says it."""
    root = path.parent
    _, sign = platforms.recognise(m.text for m in job.history.migrations)
    prelude = request.prelude if request.prelude and job.platform == "plain" else None
    return Head(
        schema=_COMMITTED if (root / _COMMITTED).is_file() else SCHEMA,
        legacy=_below(job.legacy, root, "The legacy folder"),
        runner=job.history.runner,
        recognised="" if request.runner else job.history.recognised,
        named=naming(m.path for m in job.history.migrations),
        through=job.through or None,
        order=_below(request.order, root, "The order file") if request.order else None,
        output=_below(job.output, root, "The output"),
        platform=_below(prelude, root, "The prelude") if prelude else job.platform,
        why="" if request.platform else sign,
        servers=request.servers,
        chosen=tuple(server.url for server in job.servers),
        phases=job.config.phases,
        quarantine=request.quarantine,
    )


def _below(path: Path, root: Path, what: str) -> str:
    """A path as the configuration names it."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise InputProblem(
            f"{what}, {path}, is not below {root.resolve()}: a configuration names what is below"
            " the folder that it is in.",
            hint="Run it in a folder that holds both: `-C DIR` goes there first.",
        ) from None


def _write_schema(path: Path, text: str) -> None:
    """Puts the JSON Schema beside a configuration that refers to it, unless it is there."""
    beside = path.parent / SCHEMA
    if f"# yaml-language-server: $schema={SCHEMA}" in text.splitlines() and not beside.exists():
        atomic.write(beside, config.schema())


def _tell(path: Path, found: Additions, text: str | None, answer: Answer, *, new: bool) -> None:
    if answer.as_json:
        fields = {
            "path": path.as_posix(),
            "new": new,
            "text": text,
            "groups": [
                {
                    "name": group.name,
                    "phase": group.phase,
                    "version": group.version,
                    "objects": list(group.objects),
                    "reason": group.reason,
                }
                for group in found.groups
            ],
            "joining": {name: list(objects) for name, objects in found.joining.items()},
        }
        console.write(machine.document("consolidate/init@1", fields))
        return
    if text is not None and found.objects:
        console.write(text)
        return
    out = console.make(color=answer.colored)
    width = max((len(group.name) for group in found.groups), default=0)
    for phase in dict.fromkeys(group.phase for group in found.groups):
        console.say(out, (phase, "bold"))
        for group in found.groups:
            if group.phase == phase:
                console.say(out, f"  {group.name:<{width}}  ", (group.reason, "dim"))
        console.say(out)
    for name, objects in found.joining.items():
        console.say(out, (name, "bold"), f" gets {listed(objects, _SHOWN)}")
    if found.objects or new:
        console.say(out, f"{'Begun' if new else 'Added to'}: {path}, {_amount(found)}.")
    else:
        console.say(out, f"Nothing to add: the groups of {path} claim every object.")


_SHOWN = 5


def _amount(found: Additions) -> str:
    """How much is written."""
    joining = sum(map(len, found.joining.values()))
    apart = counted(len(found.groups), "group")
    apart += f" for {counted(found.objects - joining, 'object')}"
    there = "that was there" if len(found.joining) == 1 else "that were there"
    to = f"{counted(joining, 'object')} to {counted(len(found.joining), 'group')} {there}"
    return ", ".join([apart] * bool(found.groups or not joining) + [to] * bool(joining))
