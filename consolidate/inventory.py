"""Takes down in a manifest what went into a rendered output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import manifest, platforms
from consolidate.definitions import definitions
from consolidate.fates import each, together
from consolidate.manifest import OUTSIDE, Input, MadeObject, Manifest, Output, Traceless
from consolidate.provenance import Provenance, sources
from consolidate.traceless import without_trace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from consolidate.kept import KeptFile
    from consolidate.model import History, Migration, SetAside
    from consolidate.plan import Plan
    from consolidate.truth import Truth

_UNNAMED = frozenset({"implied sequence"})
"""Kinds of members that only the wording speaks of."""


def build(  # noqa: PLR0913 - it is told everything that it writes down
    plan: Plan,
    truth: Truth,
    tree: Mapping[str, str],
    history: History,
    *,
    server: str,
    major: int,
    config: tuple[str, str] | None = None,
    aside: Sequence[SetAside] = (),
    new: Collection[str] = (),
    kept: Sequence[KeptFile] = (),
    tail: Sequence[Migration] = (),
) -> str:
    """The manifest of a rendered output.

    Args:
        plan: What was rendered.
        truth: What it was rendered from.
        tree: Every file of the output; a manifest in it is passed over.
        history: The legacy files.
        server: Where it was rendered, such as `embedded://18`.
        major: That server's major version.
        config: Path and SHA-256 of the configuration file, if there is one.
        aside: The legacy files that were set aside.
        new: The paths of what was added and has no legacy behind it.
        kept: The files that were to be kept.
        tail: The legacy migrations behind those of the history, which stay as they are.
    """
    about_rows = each(plan, truth)
    read = [(m.path, m.sha256) for m in (*history.migrations, *tail)]
    read += [(one.path, one.sha256) for one in aside]
    if config:
        read.append(config)
    return Manifest(
        platform=_platform(truth.prelude),
        server=server,
        major=major,
        inputs=tuple(Input(path=path, sha256=digest) for path, digest in sorted(read)),
        outputs=_outputs(plan, truth, tree, new),
        objects=_objects(plan, truth),
        data=together(about_rows, truth),
        definitions=definitions(plan, truth, about_rows),
        files_without_trace=tuple(
            Traceless(path=path, reason=reason)
            for path, reason in without_trace(plan, truth, history).items()
        ),
        quarantine=tuple(Traceless(path=one.path, reason=one.reason) for one in aside),
        kept=tuple(kept),
        line=history.migrations[-1].path if history.migrations else "",
    ).text()


def _platform(prelude: str) -> str:
    for name in platforms.names():
        if platforms.prelude(name) == prelude:
            return name
    return f"sha256:{manifest.digest(prelude)}"


def _outputs(
    plan: Plan, truth: Truth, tree: Mapping[str, str], new: Collection[str]
) -> tuple[Output, ...]:
    provenance = Provenance.of(truth)
    behind: dict[str, tuple[str, ...]] = {}
    for file in plan.files:
        behind[file.path] = behind[file.slot.rollback_path] = provenance.paths(sources(file))
    made = {file.path: tuple(str(step.unit.object) for step in file.steps) for file in plan.files}
    return tuple(
        Output(
            path=path,
            sha256=manifest.digest(text),
            new=path in new,
            sources=behind.get(path, ()),
            units=made.get(path, ()),
        )
        for path, text in sorted(tree.items())
        if path not in OUTSIDE
    )


def _objects(plan: Plan, truth: Truth) -> tuple[MadeObject, ...]:
    provenance = Provenance.of(truth)
    found = []
    for file in plan.files:
        for step in file.steps:
            places = provenance.places(step.sources)
            found += [
                MadeObject(
                    object=member.identity,
                    kind=member.kind,
                    path=file.path,
                    rung=step.rung.value,
                    sources=places,
                    reason=step.unit.because,
                )
                for member in step.members
                if member.kind not in _UNNAMED
            ]
    return tuple(sorted(found, key=lambda made: (made.kind, made.object, made.path)))
