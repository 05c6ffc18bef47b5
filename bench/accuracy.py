"""Judges the static model by a server that replays the same history: what it knows, and what not.

The model is read from the statements alone and never fed from the server. Four things are asked:
whether it has the edges that PostgreSQL records (recall), whether it has others (surplus), whether
every statement does what it says (agreement), and whether every object that is there at the end has
a statement that made it (provenance).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench import depend, edges, projects
from consolidate import agreement, effects, empty_database, graph, pipeline, statements
from consolidate.model import Migration
from consolidate.phrases import counted
from consolidate.trace import trace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import psycopg

    from bench.depend import Recorded
    from bench.edges import Compared
    from consolidate.agreement import Agreement
    from consolidate.deeds import Deed
    from consolidate.effects import Effect
    from consolidate.job import Job
    from consolidate.model import Manner, ObjectId, SetAside, Statement, StatementId
    from consolidate.trace import Trace

SERVER = "embedded://18"
LEAST = 0.99
"""Of the edges that PostgreSQL records, and of the statements that agree."""
MOST = 0.05
"""Of the model's edges, those of which PostgreSQL knows nothing."""

_SAMPLE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where the objects come from that are there at the end."""

    stated: int
    """Those that the model knows a creating statement of."""
    traced: int
    """Those that an opaque statement made, which the trace names."""
    orphans: tuple[ObjectId, ...]
    """Those that nobody knows one of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What came of one history."""

    name: str
    edges: Compared
    mentions: int
    """Late-bound mentions, which are no edges."""
    agreement: Agreement
    provenance: Provenance
    left_out: Mapping[str, int]
    """Why statements are not held to what they did, with how many there are of each reason."""
    aside: tuple[SetAside, ...] = ()
    """Files that are not replayed."""

    @property
    def failures(self) -> tuple[str, ...]:
        """The goals that are missed, in words."""
        found, agreed = self.edges, self.agreement
        told = []
        if found.recall < LEAST:
            told.append(f"recall {found.recall:.2%} < {LEAST:.0%}")
        if found.excess > MOST:
            told.append(f"surplus {found.excess:.2%} > {MOST:.0%}")
        told += [f"an edge of a kind that nobody judged: {reason}" for reason in found.unjudged]
        if agreed.share < LEAST:
            told.append(f"agreement {agreed.share:.2%} < {LEAST:.0%}")
        if self.provenance.orphans:
            told.append(f"{len(self.provenance.orphans)} objects without a creating statement")
        return tuple(told)


def judge(name: str, job: Job) -> Judged:
    """Replays a history with instruments, and holds the static model against what they saw."""
    manner = job.history.manner
    with empty_database.platform(job.servers[0], job.prelude) as (cluster, connection):
        traced, recorded = observe(connection, job.files, manner)
        major = cluster.major
    platform = Migration(number=0, path="(platform)", version="", text=job.prelude, sha256="")
    found = effects.run(
        (statement for file in job.files for statement in file),
        before=statements.parse(platform),
        scope=effects.Scope(major=major),
        manner=manner,
    )
    texts = {statement.id: statement.sql.lower() for file in job.files for statement in file}
    return replace(held(name, found, texts, traced, recorded), aside=job.aside)


def observe(
    connection: psycopg.Connection, files: Sequence[tuple[Statement, ...]], manner: Manner
) -> tuple[Trace, Recorded]:
    """What a server has to say of a history, on a database that holds the platform."""
    before = depend.keys(connection)
    traced = trace(connection, files, manner, closely=True)
    return traced, depend.read(connection, before)


def held(
    name: str,
    found: Sequence[Effect],
    texts: Mapping[StatementId, str],
    traced: Trace,
    recorded: Recorded,
) -> Judged:
    """The judgement on effects that are read, of a history that is replayed.

    Args:
        name: Of the history.
        found: The effects of all its statements, in order.
        texts: The statements in lower case.
        traced: What the instruments saw.
        recorded: The edges that the server has at the end.
    """
    model = graph.build(found)
    opaque = {effect.statement for effect in found if effect.opaque}
    deeds = [deed for statement, deed in traced.deeds.items() if statement in opaque]
    taken = {n for deed in deeds for n in (*deed.dropped, *(old for old, _ in deed.renamed))}

    def is_opaque(thing: ObjectId) -> bool:
        makers = {traced.created.get(thing), traced.written.get(thing)}
        return thing in taken or not opaque.isdisjoint(makers)

    def spelled(thing: ObjectId) -> str:
        touches = (*model.life(thing), *model.life(model.whole(thing)))
        return "\n".join(texts[touch.statement_id] for touch in touches)

    return Judged(
        name=name,
        edges=edges.compare(edges.hard(model), recorded, is_opaque=is_opaque, spelled=spelled),
        mentions=sum(len(model.mentions(thing)) for thing in model.surviving()),
        # The blank rest of a file does nothing, and agrees with nothing.
        agreement=agreement.compare((e for e in found if texts[e.statement]), traced.deeds),
        provenance=_provenance(found, model, traced.deeds),
        left_out=Counter(effect.opaque for effect in found if effect.opaque),
    )


def _provenance(
    found: Iterable[Effect], model: graph.DependencyGraph, deeds: Mapping[StatementId, Deed]
) -> Provenance:
    made: dict[ObjectId, Effect] = {}
    for effect in found:
        deed = deeds.get(effect.statement)
        if deed is not None:
            moved = {new: made.pop(old) for old, new in deed.renamed if old in made}
            moved = dict.fromkeys(moved, effect) if effect.opaque else moved
            made = {name: by for name, by in made.items() if name not in deed.dropped} | moved
            made |= dict.fromkeys(deed.created, effect)
    stated = {name for name in made if model.creator(name) is not None}
    traced = {name for name, by in made.items() if by.opaque} - stated
    return Provenance(
        stated=len(stated), traced=len(traced), orphans=tuple(sorted(made.keys() - stated - traced))
    )


def lines(one: Judged) -> Iterator[str]:
    """What is told of one history: a table, then whatever is not as it should be."""
    found, agreed, origin = one.edges, one.agreement, one.provenance
    surplus = sum(len(extra) for extra in found.surplus.values())
    yield one.name
    yield _row("edges in pg_depend, known", found.known, found.recall, f"≥ {LEAST:.0%}")
    yield _row("  missed", len(found.missed))
    for why, apart in found.beyond.items():
        yield _row(f"  only the server knows: {why}", len(apart))
    yield _row("edges that follow from them", sum(len(more) for more in found.implied.values()))
    for reason, more in found.implied.items():
        yield _row(f"  {reason}: {edges.IMPLIED.get(reason, 'NOT JUDGED')}", len(more))
    yield _row("edges of which the server knows nothing", surplus, found.excess, f"≤ {MOST:.0%}")
    for reason, extra in found.surplus.items():
        yield _row(f"  {reason}: {edges.JUDGED.get(reason, 'NOT JUDGED')}", len(extra))
    yield _row("late-bound mentions, apart", one.mentions)
    yield _row("statements that agree", agreed.agreeing, agreed.share, f"≥ {LEAST:.0%}")
    yield _row("final objects that a statement made", origin.stated)
    yield _row("  that the trace of an opaque one names", origin.traced)
    yield _row("  that nobody made", len(origin.orphans))
    yield from _omissions(one)
    yield from _details(one)


def _omissions(one: Judged) -> Iterator[str]:
    """What the table does not speak of, and why."""
    if one.left_out:
        left = sum(one.left_out.values())
        told = f"{left} of {counted(one.agreement.compared + left, 'statement')}"
        yield f"  left out of the agreement, since only a server can tell what they do: {told}"
        for reason, count in one.left_out.items():
            yield f"    {count} opaque: {reason}"
    if one.aside:
        paths = ", ".join(file.path for file in one.aside)
        yield f"  set aside, and not replayed: {counted(len(one.aside), 'file')}: {paths}"


def _row(what: str, count: int, share: float | None = None, goal: str = "") -> str:
    told = f"{share:8.2%} {goal}" if share is not None else ""
    return f"  {what:<92}{count:6}{told}".rstrip()


def _details(one: Judged) -> Iterator[str]:
    found = one.edges
    for edge in found.missed:
        yield f"    missed: {edge}"
    for why, apart in found.beyond.items():
        for edge in apart:
            yield f"    {why}: {edge}"
    for reason, extra in found.surplus.items():
        for edge, evidence in extra:
            yield f"    surplus, {reason}: {edge} ({evidence.place})"
    for difference in one.agreement.disagreements:
        yield f"    {difference}"
    for name in one.provenance.orphans:
        yield f"    nobody made {name}"


def histories(folders: Sequence[Path], workplace: Path) -> Iterator[tuple[str, pipeline.Request]]:
    """Those that are named, each a legacy folder or a configuration; else the three of ours."""
    for path in folders:
        request = pipeline.Request(servers=(SERVER,), quarantine=("auto",))
        if path.is_dir():
            yield path.name, replace(request, folder=path, no_config=True)
        else:
            yield path.name, replace(request, config=path)
    if folders:
        return
    yield "sample", pipeline.Request(config=_SAMPLE / "mappings.yaml", servers=(SERVER,))
    for name in ("procrastinate", "synapse"):
        (workplace / name).mkdir()
    legacy = projects.procrastinate(workplace / "procrastinate") / "migrations"
    yield "procrastinate", pipeline.Request(folder=legacy, no_config=True, servers=(SERVER,))
    schema = projects.synapse(workplace / "synapse")
    config = projects.synapse_project(schema, workplace / "synapse")
    yield "synapse", pipeline.Request(config=config, servers=(SERVER,))


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints what came of each history; 1 if one of them misses a goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="legacy folders of any runner")
    asked = parser.parse_args(arguments)
    missed = False
    with tempfile.TemporaryDirectory(prefix="consolidate-accuracy-") as workplace:
        for name, request in histories(asked.folders, Path(workplace)):
            job = pipeline.screened(pipeline.prepare(request), lambda _: None)
            one = judge(name, job)
            sys.stdout.write("".join(f"{line}\n" for line in lines(one)))
            for failure in one.failures:
                sys.stdout.write(f"  MISSED: {failure}\n")
            sys.stdout.flush()
            missed = missed or bool(one.failures)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
